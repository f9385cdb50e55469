#pragma once

#include <functional>
#include <string>
#include <utility>

#include "daemon/alert/mutes.hpp"
#include "daemon/alert/outbox.hpp"
#include "daemon/base/clock.hpp"
#include "daemon/check/running.hpp"
#include "daemon/fleet/repositories.hpp"
#include "daemon/fleet/scheduler.hpp"
#include "daemon/git/checkouts.hpp"
#include "daemon/judge/rule_book.hpp"
#include "daemon/observe/metrics.hpp"
#include "daemon/observe/overview.hpp"
#include "daemon/settings/current_settings.hpp"
#include "daemon/store/store.hpp"

namespace driftkeeper {

// What the API and the page answer from. All of it outlives them and is thread-safe.
struct ApiWorld {
    const CurrentSettings& settings;
    Store& store;
    Scheduler& scheduler;
    const Overview& overview;
    const Metrics& metrics;
    const Clock& clock;
    Checkouts& checkouts;
    const RuleBook& rules;
    Mutes& mutes;
    Outbox& outbox;
    const Running& running;
    std::function<Result<std::string>()> reload;
    Repositories& repositories;
    std::string limitsHeld = {};  // how limits of checks are held, for people

    // The stack as its last check left it, also where the store could not take that check.
    [[nodiscard]] StackStatus shown(StackStatus status) const {
        if (auto check = overview.unrecorded(status.stack.id)) status.last = std::move(check);
        return status;
    }
};

}  // namespace driftkeeper
