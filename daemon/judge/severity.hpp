#pragma once

#include <string>
#include <vector>

#include "daemon/judge/drift_matcher.hpp"
#include "daemon/model/severity_rule.hpp"
#include "parsers/graph/report.hpp"

namespace driftkeeper {

// How much the drifts of one stack weigh. Points into the rules of the settings, which must outlive
// it.
class SeverityRules {
public:
    SeverityRules(const std::vector<SeverityRule>& settings, const std::string& stackFullName);

    // The rule that decides on a drift: the first of the settings that matches, else the built-in
    // one. Of what the built-in rules say of each attribute the highest counts, so that a drift is
    // info only when all of it is. The answer lives as long as the rules.
    [[nodiscard]] const SeverityRule& ruleFor(const Drift& drift) const;

    // Gives every difference of the report its severity, told or not.
    void weigh(Report& report) const;

private:
    struct Own {
        const SeverityRule* rule;
        DriftMatcher matcher;
    };
    std::vector<Own> own_;
};

}  // namespace driftkeeper
