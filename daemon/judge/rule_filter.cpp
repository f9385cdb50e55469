#include "daemon/judge/rule_filter.hpp"

#include <algorithm>
#include <iterator>

namespace driftkeeper {
namespace {

// Objects come, go or are made anew: more than attributes.
bool isWhole(const Drift& drift) {
    const auto isModified = [](Change change) { return change == Change::Modified; };
    return drift.replace || !isModified(drift.change) ||
           !isModified(drift.liveChange.value_or(Change::Modified)) ||
           !isModified(drift.gitChange.value_or(Change::Modified));
}

}  // namespace

RuleFilter::RuleFilter(const IgnoreRule& rule) : rule_(&rule), matcher_(rule.match) {}

bool RuleFilter::concerns(const IgnoreRule& rule, const std::string& repository,
                          const std::string& stackFullName) {
    if (rule.origin == IgnoreRule::Origin::Repository && rule.repository != repository)
        return false;
    return DriftMatcher::concerns(rule.match, stackFullName);
}

bool RuleFilter::matches(const Drift& drift) const {
    if (rule_->origin == IgnoreRule::Origin::Repository && drift.severity == Severity::Critical)
        return false;
    if (byAttribute() && isWhole(drift)) return false;
    return matcher_.matches(drift);
}

std::vector<AttributeDrift> RuleFilter::takeCovered(Drift& drift) const {
    const auto isCovered = [&](const AttributeDrift& attribute) {
        const auto path = attributeSteps(attribute.path);
        return path && matcher_.covers(*path);
    };
    const auto covered = std::ranges::stable_partition(
        drift.attributes, [&](const auto& attribute) { return !isCovered(attribute); });
    std::vector<AttributeDrift> taken(std::make_move_iterator(covered.begin()),
                                      std::make_move_iterator(covered.end()));
    drift.attributes.erase(covered.begin(), covered.end());
    return taken;
}

}  // namespace driftkeeper
