#include "parsers/terraform/leaf.hpp"

#include <algorithm>
#include <span>

#include "parsers/json/json.hpp"
#include "parsers/terraform/planned_configuration.hpp"
#include "parsers/terraform/spelling.hpp"

namespace driftkeeper::terraform {
namespace {

bool covers(const AttributePath& ignored, const AttributePath& path) {
    return !ignored.empty() && ignored.size() <= path.size() &&
           std::ranges::equal(ignored, std::span(path).first(ignored.size()), {}, &PathStep::text,
                              &PathStep::text);
}

// rule[0].note -> rule.note: nested blocks have their attributes' flags under such names. Below an
// attribute of a collection type the flags are the collection's.
struct Flags {
    const AttributeFlags* flags = nullptr;
    bool exact = false;  // of the attribute itself
};

Flags flagsOf(const AttributePath& path, const std::map<std::string, AttributeFlags>& schema) {
    Flags found;
    std::string name;
    for (const auto& step : path) {
        found.exact = false;
        if (step.index) continue;
        if (!name.empty()) name += '.';
        name += step.text;
        const auto it = schema.find(name);
        if (it == schema.end()) break;
        found = {&it->second, true};
    }
    return found;
}

LeafVerdict judgeValues(const AttributeDifference& difference, const LeafRules& rules) {
    const auto& [path, state, live, git, gitUnknown, sensitive, reordered] = difference;
    const bool isSet = rules.expressions != nullptr && sets(*rules.expressions, path);
    if (sameValue(*state, *live)) return gitUnknown ? LeafVerdict::Unknown : LeafVerdict::Git;
    if (gitUnknown) return isSet ? LeafVerdict::Live : LeafVerdict::Open;
    if (sameValue(*git, *state)) return LeafVerdict::Live;
    if (!sameValue(*git, *live)) return LeafVerdict::Conflict;
    if (isIgnored(path, rules)) return LeafVerdict::IgnoreChanges;
    return isSet ? LeafVerdict::Converged : LeafVerdict::Open;
}

// The verdict when values that differ only in spelling are taken for equal.
LeafVerdict judgeSpelling(const AttributeDifference& difference, LeafVerdict verdict) {
    const auto alike = [](const Json* a, const Json* b) { return isSameInAnotherSpelling(*a, *b); };
    switch (verdict) {
        case LeafVerdict::Live:
        case LeafVerdict::Open:
        case LeafVerdict::Converged:
            return alike(difference.state, difference.live) ? LeafVerdict::Cosmetic : verdict;
        case LeafVerdict::Git:
            return alike(difference.live, difference.git) ? LeafVerdict::Cosmetic : verdict;
        case LeafVerdict::Conflict:
            if (alike(difference.state, difference.live))
                return alike(difference.live, difference.git) ? LeafVerdict::Cosmetic
                                                              : LeafVerdict::Git;
            if (alike(difference.state, difference.git)) return LeafVerdict::Live;
            return alike(difference.live, difference.git) ? LeafVerdict::Converged : verdict;
        default:
            return verdict;
    }
}

// Git asks for what was last applied, or for nothing.
bool leavesOpen(LeafVerdict verdict) {
    return verdict == LeafVerdict::Live || verdict == LeafVerdict::IgnoreChanges ||
           verdict == LeafVerdict::Computed || verdict == LeafVerdict::Sibling;
}

std::string shownValue(const Json& value, bool sensitive, const ValueTags& tags) {
    return sensitive ? tags.redacted(value) : tags.shown(value);
}

}  // namespace

bool isIgnored(const AttributePath& path, const LeafRules& rules) {
    if (rules.ignored == nullptr) return false;
    return std::ranges::any_of(*rules.ignored, [&](const std::string& written) {
        return written == "all" || covers(attributePath(written), path);
    });
}

LeafVerdict judge(const AttributeDifference& difference, const LeafRules& rules) {
    const auto verdict = judgeValues(difference, rules);
    if (verdict == LeafVerdict::Git && isElsewhere(*difference.live, *difference.git, rules.place))
        return LeafVerdict::Place;
    if (rules.spellingCounts || (difference.sensitive && rules.sensitivityMoved)) return verdict;
    const auto spelled = judgeSpelling(difference, verdict);
    const bool isTold = spelled == LeafVerdict::Live || spelled == LeafVerdict::Git;
    const bool isZeroThere = isZero(*difference.state) || isZero(*difference.live);
    if (!isTold && isZeroThere && rules.expressions != nullptr &&
        setsNonZero(*rules.expressions, difference.path))
        return verdict;
    return spelled;
}

bool needsSchema(const Leaf& leaf) {
    if (leaf.verdict == LeafVerdict::Open) return true;
    return leaf.difference.reordered &&
           (leaf.verdict == LeafVerdict::Live || leaf.verdict == LeafVerdict::Git ||
            leaf.verdict == LeafVerdict::Conflict);
}

LeafVerdict judgeBySchema(const Leaf& leaf, const std::map<std::string, AttributeFlags>* schema) {
    const auto [flags, exact] =
        schema == nullptr ? Flags() : flagsOf(leaf.difference.path, *schema);
    if (leaf.difference.reordered && exact && flags->set) return LeafVerdict::Cosmetic;
    if (leaf.verdict != LeafVerdict::Open) return leaf.verdict;
    if (flags == nullptr) return LeafVerdict::Live;
    if (flags->computed && !flags->optional) return LeafVerdict::Computed;
    // Only the configuration can give a value to what is optional and not computed: Git wants it
    // unset, or a dynamic block sets it. So Git equals live.
    return flags->computed || leaf.difference.gitUnknown ? LeafVerdict::Live
                                                         : LeafVerdict::Converged;
}

AttributeDrift present(const Leaf& leaf, const ValueTags& tags) {
    const auto& [path, state, live, git, gitUnknown, sensitive, reordered] = leaf.difference;
    AttributeDrift drift;
    drift.path = toText(path);
    drift.sensitive = sensitive;
    drift.live = shownValue(*live, sensitive, tags);
    const bool readOtherwise = leaf.verdict == LeafVerdict::Cosmetic && !sameValue(*state, *live);
    if (leavesOpen(leaf.verdict) || readOtherwise) {
        drift.git = shownValue(*state, sensitive, tags);
        return drift;
    }
    drift.git = gitUnknown ? R"({"unknown":true})" : shownValue(*git, sensitive, tags);
    if (gitUnknown || !sameValue(*git, *state)) drift.before = shownValue(*state, sensitive, tags);
    return drift;
}

}  // namespace driftkeeper::terraform
