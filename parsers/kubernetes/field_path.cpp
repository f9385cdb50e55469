#include "parsers/kubernetes/field_path.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <utility>

#include "parsers/json/json_string.hpp"
#include "parsers/text/ascii.hpp"

namespace driftkeeper::kubernetes {
namespace {

using Row = std::pair<std::string_view, std::string_view>;

constexpr std::array byOneKey = {
    Row{"containers", "name"},
    Row{"initContainers", "name"},
    Row{"ephemeralContainers", "name"},
    Row{"env", "name"},
    Row{"volumes", "name"},
    Row{"imagePullSecrets", "name"},
    Row{"secrets", "name"},
    Row{"webhooks", "name"},
    Row{"matchConditions", "name"},
    Row{"resourceClaims", "name"},
    Row{"schedulingGates", "name"},
    Row{"volumeMounts", "mountPath"},
    Row{"volumeDevices", "devicePath"},
    Row{"hostAliases", "ip"},
    Row{"conditions", "type"},
    Row{"ownerReferences", "uid"},
};

bool isIdentifier(std::string_view text) noexcept {
    return !text.empty() && std::ranges::all_of(text, [](char c) {
        return isLetterOrDigit(c) || c == '_' || c == '-';
    });
}

std::string_view keyText(const Json& item, std::string_view key) noexcept {
    const Json& value = item[key];
    return value.isNull() && key == "protocol" ? std::string_view("TCP")
                                               : std::string_view(value.text);
}

bool allHave(const Json& list, std::string_view key) noexcept {
    return std::ranges::all_of(
        list.items, [&](const Json& item) { return item.isObject() && !item[key].text.empty(); });
}

}  // namespace

std::string toText(const Path& path) {
    std::string text;
    for (const Step& step : path) {
        if (step.kind != Step::Kind::Member) {
            text += "[" + step.text + "]";
        } else if (isIdentifier(step.text)) {
            text += (text.empty() ? "" : ".") + step.text;
        } else {
            text += "[" + jsonString(step.text) + "]";
        }
    }
    return text;
}

const Json& valueAt(const Json& root, const Path& path) noexcept {
    const Json* value = &root;
    std::string_view member;
    for (const Step& step : path) {
        if (step.kind == Step::Kind::Member) {
            value = &(*value)[step.text];
            member = step.text;
        } else if (step.kind == Step::Kind::Index) {
            std::size_t index = 0;
            std::from_chars(step.text.data(), step.text.data() + step.text.size(), index);
            value = &value->at(index);
        } else {
            const Json* found = itemLike(*value, *step.item, listKeys(member, *value));
            value = found == nullptr ? &Json::absent() : found;
        }
    }
    return *value;
}

std::vector<std::string_view> listKeys(std::string_view member, const Json& list) {
    for (const auto& [name, key] : byOneKey)
        if (name == member && allHave(list, key)) return {key};
    if (member == "ports" && allHave(list, "containerPort")) return {"containerPort", "protocol"};
    if (member == "ports" && allHave(list, "port")) return {"port", "protocol"};
    if (member == "topologySpreadConstraints" && allHave(list, "topologyKey"))
        return {"topologyKey", "whenUnsatisfiable"};
    return {};
}

const Json* itemLike(const Json& list, const Json& item,
                     const std::vector<std::string_view>& keys) noexcept {
    if (!list.isArray() || keys.empty()) return nullptr;
    for (const Json& candidate : list.items)
        if (std::ranges::all_of(keys, [&](std::string_view key) {
                return keyText(candidate, key) == keyText(item, key);
            }))
            return &candidate;
    return nullptr;
}

Step itemStep(const Json& item, const std::vector<std::string_view>& keys) {
    Step step{Step::Kind::Item, "", &item};
    for (const std::string_view key : keys)
        step.text += (step.text.empty() ? "" : ",") + std::string(key) + "=" +
                     std::string(keyText(item, key));
    return step;
}

}  // namespace driftkeeper::kubernetes
