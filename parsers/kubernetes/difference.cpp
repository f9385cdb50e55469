#include "parsers/kubernetes/difference.hpp"

#include <algorithm>
#include <array>

#include "parsers/json/secrets.hpp"
#include "parsers/kubernetes/json_edit.hpp"
#include "parsers/kubernetes/quantity.hpp"

namespace driftkeeper::kubernetes {
namespace {

bool isCompared(const Path& at, std::string_view member) {
    constexpr std::array<std::string_view, 4> never = {"resourceVersion", "uid",
                                                       "creationTimestamp", "selfLink"};
    const bool inMetadata = at.size() == 1 && at[0].text == "metadata";
    return !inMetadata || std::ranges::find(never, member) == never.end();
}

struct Walk {
    std::vector<Difference>& found;
    Path at;

    void values(const Json& live, const Json& git) {
        const bool redacted = isRedacted(live) || isRedacted(git);
        if (live.isObject() && git.isObject() && !redacted)
            members(live, git);
        else if (live.isArray() && git.isArray() && !redacted)
            lists(live, git);
        else if (!sameValue(live, git))
            found.push_back({at, &live, &git});
    }

    void members(const Json& live, const Json& git) {
        for (const std::string& key : live.keys) member(live, git, key);
        for (const std::string& key : git.keys)
            if (&live[key] == &Json::absent()) member(live, git, key);
    }

    void member(const Json& live, const Json& git, const std::string& key) {
        if (!isCompared(at, key)) return;
        at.push_back({Step::Kind::Member, key, nullptr});
        values(live[key], git[key]);
        at.pop_back();
    }

    void lists(const Json& live, const Json& git) {
        const std::string_view name =
            at.empty() ? std::string_view() : std::string_view(at.back().text);
        const auto keys = listKeys(name, live);
        if (!keys.empty() && keys == listKeys(name, git))
            keyed(live, git, keys);
        else
            for (std::size_t i = 0; i < std::max(live.items.size(), git.items.size()); ++i)
                below({Step::Kind::Index, std::to_string(i), nullptr}, live.at(i), git.at(i));
    }

    void keyed(const Json& live, const Json& git, const std::vector<std::string_view>& keys) {
        for (const Json& item : live.items) {
            const Json* other = itemLike(git, item, keys);
            below(itemStep(item, keys), item, other == nullptr ? Json::absent() : *other);
        }
        for (const Json& item : git.items)
            if (itemLike(live, item, keys) == nullptr)
                below(itemStep(item, keys), Json::absent(), item);
    }

    void below(Step step, const Json& live, const Json& git) {
        at.push_back(std::move(step));
        values(live, git);
        at.pop_back();
    }
};

// Where the API keeps quantities; an image tag 1.0 is none.
bool holdsQuantity(const Path& path) {
    constexpr std::array<std::string_view, 9> places = {"resources",    "limits",  "requests",
                                                        "capacity",     "hard",    "sizeLimit",
                                                        "averageValue", "divisor", "storage"};
    return std::ranges::any_of(path, [&](const Step& step) {
        return std::ranges::find(places, step.text) != places.end();
    });
}

Json overlaidList(const Json& live, const Json& git, std::string_view member) {
    const auto keys = listKeys(member, git);
    Json result = live;
    if (!keys.empty() && (live.items.empty() || keys == listKeys(member, live))) {
        for (const Json& item : git.items) {
            const Json* there = itemLike(result, item, keys);
            if (there == nullptr)
                result.items.push_back(item);
            else {
                Json merged = overlaid(*there, item);
                result.items[static_cast<std::size_t>(there - result.items.data())] =
                    std::move(merged);
            }
        }
        return result;
    }
    if (live.items.size() != git.items.size()) return git;
    for (std::size_t i = 0; i < git.items.size(); ++i)
        result.items[i] = overlaid(live.items[i], git.items[i]);
    return result;
}

}  // namespace

std::vector<Difference> differences(const Json& live, const Json& git) {
    std::vector<Difference> found;
    Walk{found, {}}.values(live, git);
    std::ranges::stable_sort(found, {}, [](const Difference& one) { return toText(one.path); });
    return found;
}

bool isCosmetic(const Difference& difference) {
    if (isEmpty(*difference.live) && isEmpty(*difference.git)) return true;
    return holdsQuantity(difference.path) &&
           sameQuantity(difference.live->text, difference.git->text) &&
           !difference.live->isObject() && !difference.git->isObject();
}

Json overlaid(const Json& live, const Json& git, std::string_view member) {
    if (git.isNull()) return live;
    if (live.isObject() && git.isObject() && !isRedacted(live) && !isRedacted(git)) {
        Json result = live;
        for (std::size_t i = 0; i < git.items.size(); ++i)
            if (!git.items[i].isNull())
                put(result, git.keys[i], overlaid(live[git.keys[i]], git.items[i], git.keys[i]));
        return result;
    }
    if (live.isArray() && git.isArray()) return overlaidList(live, git, member);
    return git;
}

}  // namespace driftkeeper::kubernetes
