#pragma once

#include <string>
#include <vector>

#include "daemon/judge/drift_matcher.hpp"
#include "daemon/model/ignore_rule.hpp"

namespace driftkeeper {

// A rule that is in force for one stack, ready to look at many drifts. Points into the rule, which
// must outlive it.
class RuleFilter {
public:
    explicit RuleFilter(const IgnoreRule& rule);

    // Whether the rule concerns the stack at all; an expired one does.
    static bool concerns(const IgnoreRule& rule, const std::string& repository,
                         const std::string& stackFullName);

    [[nodiscard]] const IgnoreRule& rule() const noexcept { return *rule_; }
    [[nodiscard]] bool byAttribute() const noexcept { return matcher_.byAttribute(); }

    // Everything but the attributes. A rule by attribute does not match what it must not hide.
    [[nodiscard]] bool matches(const Drift& drift) const;

    // The attributes of a drift that matches which the rule covers, taken out of it.
    [[nodiscard]] std::vector<AttributeDrift> takeCovered(Drift& drift) const;

private:
    const IgnoreRule* rule_;
    DriftMatcher matcher_;
};

}  // namespace driftkeeper
