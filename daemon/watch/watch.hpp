#pragma once

#include <atomic>
#include <chrono>
#include <optional>
#include <set>
#include <stop_token>
#include <string>

#include "daemon/alert/alerter.hpp"
#include "daemon/base/clock.hpp"
#include "daemon/fleet/scheduler.hpp"
#include "daemon/notify/channel.hpp"
#include "daemon/observe/overview.hpp"
#include "daemon/settings/current_settings.hpp"
#include "daemon/store/store.hpp"
#include "daemon/watch/ownership_watch.hpp"

namespace driftkeeper {

// Sees to it that nothing goes quiet: stacks without a complete check, drifts that wait to be
// alerted, things that two stacks manage, a daemon that cannot keep up, the heartbeat, and old rows
// that may go.
class Watch {
public:
    Watch(const CurrentSettings& settings, Store& store, Scheduler& scheduler,
          const Overview& overview, Alerter& alerter, const Clock& clock);

    // Looks around about once a second until the token stops.
    void run(std::stop_token stop);

    // One look around. Public so that a test can drive it with its own clock.
    void tick();

    // How long ago the last look ended: the watchdog's evidence that the daemon is alive. From any
    // thread.
    [[nodiscard]] std::chrono::seconds silence() const noexcept;

private:
    void watchStaleness(TimePoint now);
    void watchLoad(TimePoint now);
    void remind(TimePoint now);
    void beat(TimePoint now);
    void retain(TimePoint now);

    const CurrentSettings& settings_;
    Store& store_;
    Scheduler& scheduler_;
    const Overview& overview_;
    Alerter& alerter_;
    const Clock& clock_;
    OwnershipWatch ownership_;
    const TimePoint started_;
    std::set<std::string> stale_;  // stack ids that were alerted
    bool overloaded_ = false;
    TimePoint nextBeat_{};
    TimePoint nextRetain_{};
    TimePoint nextReminders_{};
    std::atomic<std::chrono::steady_clock::time_point> lastTick_{std::chrono::steady_clock::now()};
};

}  // namespace driftkeeper
