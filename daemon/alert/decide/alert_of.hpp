#pragma once

#include <array>
#include <string>
#include <vector>

#include "daemon/model/alert.hpp"
#include "daemon/model/mute.hpp"
#include "daemon/model/settings.hpp"
#include "daemon/model/stack.hpp"

namespace driftkeeper {

// What an answer depends on beside the finding.
struct AlertWorld {
    const Settings& settings;
    const std::vector<Silence>& silences;
    const AlertFacts& facts;
    TimePoint now{};
};

// Why this open finding was alerted, or was not. Of several channels the worst decides the state;
// one that the settings no longer have counts only where no other is left. Pure.
Alert alertOf(const Finding& finding, const Stack& stack, const AlertWorld& world);

// How many open findings of the facts are in each state; those that a rule takes out are no
// findings. `stacks`: all.
using AlertCounts = std::array<std::size_t, alertStates.size()>;
AlertCounts countAlerts(const std::vector<Stack>& stacks, const AlertWorld& world);

}  // namespace driftkeeper
