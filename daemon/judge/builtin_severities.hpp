#pragma once

#include <vector>

#include "daemon/model/severity_rule.hpp"

namespace driftkeeper {

// The rules of severity that the program brings along, in the order in which they are asked.
// README.md and driftkeeper(1) list them.
struct BuiltinSeverities {
    // About the whole drift: the first that is true decides.
    SeverityRule quiet;      // its cause says that nobody has to act
    SeverityRule destroyed;  // an object is gone or will be destroyed
    SeverityRule unapplied;  // only Git moved
    // About attributes, by type and attribute: the highest decides.
    std::vector<SeverityRule> attributes;
    // An attribute that none of them covers, and a drift without attributes.
    SeverityRule other;
};

const BuiltinSeverities& builtinSeverities();

// All of them, one after the other.
std::vector<SeverityRule> listBuiltinSeverities();

}  // namespace driftkeeper
