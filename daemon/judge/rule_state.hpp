#pragma once

#include <string_view>

#include "daemon/model/ignore_rule.hpp"
#include "daemon/model/memory.hpp"

namespace driftkeeper {

std::string_view originOf(const IgnoreRule& rule) noexcept;  // "built in" settings repository

// One word for a list, and what deserves a look: "in force", off, expired, "too broad", dead (hid
// nothing for a month).
std::string_view stateOf(const IgnoreRule& rule, const RuleHits& hits, TimePoint now);

}  // namespace driftkeeper
