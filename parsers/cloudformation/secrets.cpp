#include "parsers/cloudformation/secrets.hpp"

#include <algorithm>
#include <optional>

#include "parsers/cloudformation/functions.hpp"
#include "parsers/cloudformation/values.hpp"
#include "parsers/json/json.hpp"

namespace driftkeeper::cloudformation {
namespace {

const Json yes{Json::Kind::Bool, "true", {}, {}};

bool isHidden(const Json& value) {
    const auto text = value.string();
    const bool isStars = text.size() >= 4 && text.find_first_not_of('*') == std::string_view::npos;
    return isStars || text.contains("{{resolve:");
}

bool usesHidden(const Json& value, const std::set<std::string>& hidden) {
    const auto names = namesIn(value, Json::absent());
    return std::ranges::any_of(names,
                               [&](const std::string& name) { return hidden.contains(name); });
}

struct Entry {
    std::string key;
    Json value;
};

// Beside its key and its value an entry may only say whether instances get it, as in an Auto
// Scaling group.
std::optional<Entry> entryOf(const Json& item) {
    const std::string_view key = !item["Key"].isNull() ? "Key" : "Name";
    const Json& name = item[key];
    const Json& value = item["Value"];
    const Json& propagates = item["PropagateAtLaunch"];
    const std::size_t expected = 2 + (propagates.isNull() ? 0U : 1U);
    if (name.string().empty() || value.isNull() || item.items.size() != expected)
        return std::nullopt;
    if (propagates.isNull()) return Entry{name.text, value};
    return Entry{name.text, objectOf({{"PropagateAtLaunch", propagates}, {"Value", value}})};
}

std::optional<Json> asObject(const Json& list) {
    Members members;
    for (const auto& item : list.items) {
        auto entry = entryOf(item);
        if (!entry || !members.emplace(std::move(entry->key), std::move(entry->value)).second)
            return std::nullopt;
    }
    if (members.empty()) return std::nullopt;
    return objectOf(std::move(members));
}

}  // namespace

Json secretMask(const Json& value, const std::set<std::string>& hidden) {
    if (value.kind == Json::Kind::String) return isHidden(value) ? yes : Json();
    if (!functionName(value).empty() && usesHidden(value, hidden)) return yes;
    Json mask{value.kind, {}, {}, {}};
    bool isAny = false;
    for (std::size_t i = 0; i < value.items.size(); ++i) {
        Json below = secretMask(value.items[i], hidden);
        isAny = isAny || !below.isNull();
        if (value.isObject()) mask.keys.push_back(value.keys[i]);
        mask.items.push_back(std::move(below));
    }
    return isAny ? mask : Json();
}

Json comparable(const Json& expected, const Json& live) {
    if (isHidden(expected) || isHidden(live)) return expected;
    const bool isSameShape =
        expected.kind == live.kind &&
        (live.isObject() || (live.isArray() && live.items.size() == expected.items.size()));
    if (!isSameShape) return live;
    Json result = live;
    for (std::size_t i = 0; i < result.items.size(); ++i) {
        const Json& other = live.isObject() ? expected[live.keys[i]] : expected.items[i];
        result.items[i] = comparable(other, live.items[i]);
    }
    if (!live.isObject()) return result;
    // What a service never gives back is no difference either.
    Members members;
    for (std::size_t i = 0; i < result.items.size(); ++i)
        members.emplace(result.keys[i], std::move(result.items[i]));
    for (std::size_t i = 0; i < expected.items.size(); ++i)
        if (isHidden(expected.items[i])) members.try_emplace(expected.keys[i], expected.items[i]);
    return objectOf(std::move(members));
}

Json keyed(const Json& value) {
    Json result = value;
    for (auto& item : result.items) item = keyed(item);
    if (!result.isArray()) return result;
    auto object = asObject(result);
    return object ? *std::move(object) : result;
}

}  // namespace driftkeeper::cloudformation
