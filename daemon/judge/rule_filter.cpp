#include "daemon/judge/rule_filter.hpp"

#include <algorithm>
#include <iterator>

#include "daemon/model/glob.hpp"

namespace driftkeeper {
namespace {

bool oneMatches(const std::vector<std::string>& patterns, std::string_view text) {
    return patterns.empty() ||
           std::ranges::any_of(patterns, [&](const auto& pattern) { return wildcardMatches(pattern, text); });
}

template <class Word>
bool oneIs(const std::vector<Word>& words, Word word) {
    return words.empty() || std::ranges::find(words, word) != words.end();
}

// Objects come, go or are made anew: more than attributes.
bool isWhole(const Drift& drift) {
    const auto isModified = [](Change change) { return change == Change::Modified; };
    return drift.replace || !isModified(drift.change) || !isModified(drift.liveChange.value_or(Change::Modified)) ||
           !isModified(drift.gitChange.value_or(Change::Modified));
}

}  // namespace

RuleFilter::RuleFilter(const IgnoreRule& rule) : rule_(&rule) {
    for (const auto& pattern : rule.match.attribute) {
        if (auto steps = attributeSteps(pattern)) attributes_.push_back(std::move(*steps));
    }
}

bool RuleFilter::concerns(const IgnoreRule& rule, const std::string& repository, const std::string& stackFullName) {
    if (rule.origin == IgnoreRule::Origin::Repository && rule.repository != repository) return false;
    const auto& stacks = rule.match.stack;
    return stacks.empty() ||
           std::ranges::any_of(stacks, [&](const auto& glob) { return globMatches(glob, stackFullName); });
}

bool RuleFilter::matches(const Drift& drift) const {
    const auto& match = rule_->match;
    if (rule_->origin == IgnoreRule::Origin::Repository && drift.severity == Severity::Critical) return false;
    if (byAttribute() && isWhole(drift)) return false;
    return oneIs(match.side, drift.side) && oneIs(match.change, drift.change) && oneMatches(match.cause, drift.cause) &&
           oneMatches(match.type, drift.type) && oneMatches(match.id, drift.id) &&
           oneMatches(match.address, drift.address);
}

std::vector<AttributeDrift> RuleFilter::takeCovered(Drift& drift) const {
    const auto isCovered = [&](const AttributeDrift& attribute) {
        const auto path = attributeSteps(attribute.path);
        return path &&
               std::ranges::any_of(attributes_, [&](const AttributeSteps& pattern) { return covers(pattern, *path); });
    };
    const auto covered =
        std::ranges::stable_partition(drift.attributes, [&](const auto& attribute) { return !isCovered(attribute); });
    std::vector<AttributeDrift> taken(std::make_move_iterator(covered.begin()), std::make_move_iterator(covered.end()));
    drift.attributes.erase(covered.begin(), covered.end());
    return taken;
}

}  // namespace driftkeeper
