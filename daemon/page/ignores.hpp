#pragma once

#include <string>
#include <vector>

#include "daemon/model/ignore_rule.hpp"
#include "daemon/model/memory.hpp"
#include "daemon/page/frame.hpp"

namespace driftkeeper::page {

// A rule, what it did, and how it is.
struct RuleLine {
    IgnoreRule rule;
    RuleHits hits;
    std::string origin;  // built in, settings, repository
    std::string state;   // in force, off, expired, too broad, dead
};

// Every way not to tell a difference: those that people wrote first, in the order in which they are
// asked.
std::string ignoresPage(const Frame& frame, const std::vector<RuleLine>& rules);

}  // namespace driftkeeper::page
