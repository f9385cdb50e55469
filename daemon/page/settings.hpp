#pragma once

#include <string>
#include <vector>

#include "daemon/model/settings.hpp"
#include "daemon/page/frame.hpp"

namespace driftkeeper::page {

// One route in words.
struct RouteLine {
    std::string match;  // "everything" for no conditions
    std::vector<std::string> channels;
    std::string then;  // what else it says: group_wait, repeat_every, digest, continue
};

// The settings in force, without anything that may be secret: of channels the name and the type, of
// programs' environments the names of the variables, of secrets that they are given.
// `sandbox`: how tools are confined, and what that leaves open.
std::string settingsPage(const Frame& frame, const Settings& settings,
                         const std::vector<RouteLine>& routes, const std::string& sandbox);

}  // namespace driftkeeper::page
