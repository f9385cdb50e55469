#pragma once

#include <functional>
#include <string>

#include "daemon/base/clock.hpp"
#include "daemon/current_settings.hpp"
#include "daemon/git/checkouts.hpp"
#include "daemon/metrics.hpp"
#include "daemon/mutes.hpp"
#include "daemon/outbox.hpp"
#include "daemon/overview.hpp"
#include "daemon/repositories.hpp"
#include "daemon/rule_book.hpp"
#include "daemon/running.hpp"
#include "daemon/scheduler.hpp"
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
};

}  // namespace driftkeeper
