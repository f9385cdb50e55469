#pragma once

#include <string>
#include <vector>

#include "daemon/model/attribute_pattern.hpp"
#include "daemon/model/rule_match.hpp"

namespace driftkeeper {

// What a rule is about, ready to look at many drifts. Points into the match, which must outlive it.
class DriftMatcher {
public:
    explicit DriftMatcher(const RuleMatch& match);

    // Whether the rule concerns the stack at all.
    static bool concerns(const RuleMatch& match, const std::string& stackFullName);

    [[nodiscard]] bool byAttribute() const noexcept { return !match_->attribute.empty(); }

    // Everything but the stack and the attributes.
    [[nodiscard]] bool matches(const Drift& drift) const;

    // Whether one of the match's attributes is this one or above it.
    [[nodiscard]] bool covers(const AttributeSteps& path) const;

private:
    const RuleMatch* match_;
    std::vector<AttributeSteps> attributes_;
};

}  // namespace driftkeeper
