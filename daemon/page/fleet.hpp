#pragma once

#include <map>
#include <string>
#include <vector>

#include "daemon/model/running_check.hpp"
#include "daemon/model/stack_line.hpp"
#include "daemon/page/fleet_filter.hpp"
#include "daemon/page/frame.hpp"

namespace driftkeeper::page {

// Everything at a glance: how many stacks are how, what runs now, which stacks a filter shows, the
// repositories.
struct FleetView {
    FleetFilter filter;
    FleetSelection selection;
    std::vector<RunningCheck> running;
    std::map<std::string, RepositoryLine> repositories;
};

std::string fleetPage(const Frame& frame, const FleetView& view);

// The looks under way, as the fleet and a stack show them; `id` of the list is running-list, for
// the script.
Html runningList(const std::vector<RunningCheck>& checks, TimePoint now);

}  // namespace driftkeeper::page
