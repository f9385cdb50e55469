#include "parsers/cloudformation/comparison.hpp"

#include <algorithm>
#include <set>
#include <string_view>

#include "parsers/cloudformation/values.hpp"

namespace driftkeeper::cloudformation {
namespace {

bool isPlainObject(const Json& value) noexcept {
    return value.isObject() && functionName(value).empty();
}

bool areObjects(const Json& deployed, const Json& git, const Json& expected,
                const Json& live) noexcept {
    return isPlainObject(deployed) && isPlainObject(git) && expected.isObject() &&
           (live.isObject() || live.isNull());
}

bool areListsOfOneLength(const Json& deployed, const Json& git, const Json& expected,
                         const Json& live) noexcept {
    const auto isLike = [&](const Json& list) {
        return list.isArray() && list.items.size() == git.items.size();
    };
    return isLike(deployed) && isLike(git) && isLike(expected) && isLike(live);
}

Sides memberSides(const Json& deployed, const Json& git, const Json& expected, const Json& live) {
    std::set<std::string_view> keys;
    for (const auto* value : {&deployed, &git, &expected, &live})
        keys.insert(value->keys.begin(), value->keys.end());
    Members state;
    Members found;
    Members asked;
    for (const auto key : keys) {
        auto [one, other, third] = sidesOf(deployed[key], git[key], expected[key], live[key]);
        state.emplace(key, std::move(one));
        found.emplace(key, std::move(other));
        asked.emplace(key, std::move(third));
    }
    return {objectOf(std::move(state)), objectOf(std::move(found)), objectOf(std::move(asked))};
}

Sides elementSides(const Json& deployed, const Json& git, const Json& expected, const Json& live) {
    std::vector<Json> state;
    std::vector<Json> found;
    std::vector<Json> asked;
    for (std::size_t i = 0; i < git.items.size(); ++i) {
        auto [one, other, third] =
            sidesOf(deployed.items[i], git.items[i], expected.items[i], live.items[i]);
        state.push_back(std::move(one));
        found.push_back(std::move(other));
        asked.push_back(std::move(third));
    }
    return {listOf(std::move(state)), listOf(std::move(found)), listOf(std::move(asked))};
}

}  // namespace

Sides sidesOf(const Json& deployed, const Json& git, const Json& expected, const Json& live) {
    if (sameValue(deployed, git)) return {expected, live, expected};
    if (expected.isNull()) return {deployed, live.isNull() ? deployed : live, git};
    if (areObjects(deployed, git, expected, live))
        return memberSides(deployed, git, expected, live);
    if (areListsOfOneLength(deployed, git, expected, live))
        return elementSides(deployed, git, expected, live);
    return {expected, live, git};
}

}  // namespace driftkeeper::cloudformation
