#include "parsers/kubernetes/difference.hpp"

#include <algorithm>
#include <array>

#include "parsers/json/secrets.hpp"
#include "parsers/kubernetes/json_edit.hpp"
#include "parsers/kubernetes/quantity.hpp"

namespace driftkeeper::kubernetes {
namespace {

bool isCompared(const Path& at, std::string_view member) {
    constexpr std::array<std::string_view, 6> never = {
        "resourceVersion",   "uid",      "creationTimestamp",
        "deletionTimestamp", "selfLink", "deletionGracePeriodSeconds"};
    const bool inMetadata = at.size() == 1 && at[0].text == "metadata";
    return !inMetadata || std::ranges::find(never, member) == never.end();
}

// By which keys two versions of a list are compared; none: by index.
Keys commonKeys(std::string_view member, const Json& live, const Json& git, const Shape& shape) {
    if (live.items.empty()) return listKeys(member, git, shape);
    Keys keys = listKeys(member, live, shape);
    const bool isLike = git.items.empty() || keys == listKeys(member, git, shape);
    return isLike ? keys : Keys();
}

struct Walk {
    std::vector<Difference>& found;
    Path at;

    void values(const Json& live, const Json& git, const Shape& shape) {
        const bool redacted = isRedacted(live) || isRedacted(git);
        const bool areObjects = live.isObject() && git.isObject();
        if ((areObjects || (isLabels() && !sameValue(live, git))) && !redacted)
            members(live, git, shape);
        else if (live.isArray() && git.isArray() && !redacted)
            lists(live, git, shape);
        else if (!sameValue(live, git))
            found.push_back({at, &live, &git});
    }

    // Labels and annotations are one by one somebody's, also the first and the last one.
    [[nodiscard]] bool isLabels() const {
        return at.size() == 2 && at[0].text == "metadata" &&
               (at[1].text == "labels" || at[1].text == "annotations");
    }

    void members(const Json& live, const Json& git, const Shape& shape) {
        for (const std::string& key : live.keys) member(live, git, key, shape);
        for (const std::string& key : git.keys)
            if (!live.has(key)) member(live, git, key, shape);
    }

    void member(const Json& live, const Json& git, const std::string& key, const Shape& shape) {
        if (!isCompared(at, key)) return;
        const Json& a = live[key];
        const Json& b = git[key];
        const bool isNested = !a.items.empty() && !b.items.empty();
        below({Step::Kind::Member, key, nullptr, {}}, a, b, isNested ? shape.member(key) : Shape());
    }

    void lists(const Json& live, const Json& git, const Shape& shape) {
        const std::string_view name =
            at.empty() ? std::string_view() : std::string_view(at.back().text);
        if (shape.isSet()) return elements(live, git);
        if (const Keys keys = commonKeys(name, live, git, shape); !keys.empty())
            return keyed(live, git, keys, shape);
        for (std::size_t i = 0; i < std::max(live.items.size(), git.items.size()); ++i)
            below({Step::Kind::Index, std::to_string(i), nullptr, {}}, live.at(i), git.at(i), {});
    }

    void elements(const Json& live, const Json& git) {
        for (const Json& one : live.items)
            if (elementLike(git, one) == nullptr) below(elementStep(one), one, Json::absent(), {});
        for (const Json& one : git.items)
            if (elementLike(live, one) == nullptr) below(elementStep(one), Json::absent(), one, {});
    }

    void keyed(const Json& live, const Json& git, const Keys& keys, const Shape& shape) {
        for (const Json& item : live.items) {
            const Json* other = itemLike(git, item, keys);
            const bool isSame = other != nullptr && sameValue(item, *other);
            if (isSame) continue;
            below(itemStep(item, keys), item, other == nullptr ? Json::absent() : *other,
                  other == nullptr ? Shape() : shape.item(item));
        }
        for (const Json& item : git.items)
            if (itemLike(live, item, keys) == nullptr)
                below(itemStep(item, keys), Json::absent(), item, {});
    }

    void below(Step step, const Json& live, const Json& git, const Shape& shape) {
        at.push_back(std::move(step));
        values(live, git, shape);
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

// Maps of labels that are applied as one value; what else is, the server may have completed.
bool isSelector(std::string_view member) {
    return member == "selector" || member == "matchLabels" || member == "nodeSelector";
}

// Beside what Git asks for, in an item of a list without keys: the server completes items, but it
// chooses nothing for anybody.
void dropSelectors(Json& merged, const Json& git) {
    for (const std::string& key : std::vector<std::string>(merged.keys))
        if (key.ends_with("Selector") && git[key].isNull()) erase(merged, key);
}

Json overlaidList(const Json& live, const Json& git, const Shape& shape, std::string_view member) {
    const Keys keys = live.items.empty() ? Keys() : listKeys(member, live, shape);
    Json result = live;
    if (!keys.empty()) {
        for (const Json& item : git.items) {
            const Json* there = itemLike(result, item, keys);
            if (there == nullptr) {
                result.items.push_back(item);
                continue;
            }
            Json merged = overlaid(*there, item, shape.item(item));
            result.items[static_cast<std::size_t>(there - result.items.data())] = std::move(merged);
        }
        return result;
    }
    if (live.items.size() != git.items.size()) return git;
    for (std::size_t i = 0; i < git.items.size(); ++i) {
        result.items[i] = overlaid(live.items[i], git.items[i]);
        if (result.items[i].isObject()) dropSelectors(result.items[i], git.items[i]);
    }
    return result;
}

// What a server adds to everybody's items, and nobody means by it.
bool isUsualDefault(std::string_view member, const Json& value) {
    return (member == "protocol" && value.string() == "TCP") ||
           (member == "apiVersion" && value.string() == "v1") ||
           (member == "volumeMode" && value.string() == "Filesystem") ||
           (member == "divisor" && value.text == "0") || member == "status" ||
           (member == "kind" && value.string() == "PersistentVolumeClaim");
}

// Where a server drops what is empty.
bool isDroppedWhenEmpty(std::string_view member) {
    constexpr std::array<std::string_view, 14> names = {
        "annotations",  "labels",           "matchLabels", "nodeSelector", "tolerations",
        "args",         "command",          "env",         "envFrom",      "volumes",
        "volumeMounts", "imagePullSecrets", "data",        "rules"};
    return std::ranges::find(names, member) != names.end();
}

struct Asked {
    // `isWhole`: inside of something that is applied as one value.
    static bool value(const Json& live, const Json& git, const Shape& shape,
                      std::string_view member, bool isWhole) {
        if (isRedacted(live) || isRedacted(git)) return sameValue(live, git);
        if (isEmpty(git) && live.isNull()) return git.isNull() || isDroppedWhenEmpty(member);
        if (live.isObject() && git.isObject()) return members(live, git, shape, isWhole);
        if (live.isArray() && git.isArray()) return list(live, git, shape, member);
        return sameValue(live, git) || (live.isScalar() && git.isScalar() &&
                                        sameQuantity(live.text, git.text) && isResource(member));
    }

    static bool isResource(std::string_view member) {
        return member == "cpu" || member == "memory" || member == "storage" ||
               member == "ephemeral-storage";
    }

    static bool members(const Json& live, const Json& git, const Shape& shape, bool isWhole) {
        for (std::size_t i = 0; i < git.items.size(); ++i) {
            const std::string& key = git.keys[i];
            const Json& there = live[key];
            const Shape below = there.items.empty() ? Shape() : shape.member(key);
            const bool isPart = isWhole || below.isWhole();
            if (!value(there, git.items[i], below, key, isPart)) return false;
        }
        if (!isWhole) return true;
        for (std::size_t i = 0; i < live.items.size(); ++i)
            if (git[live.keys[i]].isNull() && !isUsualDefault(live.keys[i], live.items[i]))
                return false;
        return true;
    }

    static bool list(const Json& live, const Json& git, const Shape& shape,
                     std::string_view member) {
        if (shape.isSet())
            return std::ranges::all_of(
                git.items, [&](const Json& one) { return elementLike(live, one) != nullptr; });
        if (const Keys keys = listKeys(member, live, shape); !keys.empty())
            return keyed(live, git, keys, shape);
        if (live.items.size() != git.items.size()) return false;
        for (std::size_t i = 0; i < git.items.size(); ++i)
            if (!value(live.items[i], git.items[i], {}, "", true)) return false;
        return true;
    }

    static bool keyed(const Json& live, const Json& git, const Keys& keys, const Shape& shape) {
        return std::ranges::all_of(git.items, [&](const Json& item) {
            const Json* there = itemLike(live, item, keys);
            return there != nullptr && value(*there, item, shape.item(*there), "", false);
        });
    }
};

}  // namespace

std::vector<Difference> differences(const Json& live, const Json& git, const Shape& shape) {
    std::vector<Difference> found;
    Walk{found, {}}.values(live, git, shape);
    std::ranges::stable_sort(found, {}, [](const Difference& one) { return toText(one.path); });
    return found;
}

bool isCosmetic(const Difference& difference) {
    const auto isNoList = [](const Json& value) {
        return value.isNull() || (value.isArray() && value.items.empty());
    };
    if (isNoList(*difference.live) && isNoList(*difference.git)) return true;
    return holdsQuantity(difference.path) &&
           sameQuantity(difference.live->text, difference.git->text) &&
           !difference.live->isObject() && !difference.git->isObject();
}

bool isSpelling(const Difference& difference) {
    return isCosmetic(difference) ||
           (isEmpty(*difference.live) && isEmpty(*difference.git) && difference.live->isNull());
}

Json overlaid(const Json& live, const Json& git, const Shape& shape, std::string_view member) {
    if (git.isNull()) return live;
    if (live.isObject() && git.isObject() && !isRedacted(live) && !isRedacted(git)) {
        if (isSelector(member) && shape.isWhole()) return git;
        Json result = live;
        for (std::size_t i = 0; i < git.items.size(); ++i)
            if (!git.items[i].isNull())
                put(result, git.keys[i],
                    overlaid(live[git.keys[i]], git.items[i], shape.member(git.keys[i]),
                             git.keys[i]));
        return result;
    }
    if (live.isArray() && git.isArray()) return overlaidList(live, git, shape, member);
    return git;
}

bool isAsAsked(const Json& live, const Json& git, const Shape& shape) {
    return Asked::value(live, git, shape, "", false);
}

}  // namespace driftkeeper::kubernetes
