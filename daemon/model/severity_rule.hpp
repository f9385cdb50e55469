#pragma once

#include <string>

#include "daemon/model/rule_match.hpp"
#include "parsers/graph/drift.hpp"

namespace driftkeeper {

// How much a drift weighs that the rule matches; by attribute, when any attribute that
// differs is covered.
struct SeverityRule {
    std::string name;  // builtin/encryption, settings/severity[0]
    RuleMatch match;
    Severity severity = Severity::Warning;
    std::string reason;  // may be empty in the settings
    bool operator==(const SeverityRule&) const = default;
};

}  // namespace driftkeeper
