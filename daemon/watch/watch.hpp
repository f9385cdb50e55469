#pragma once

#include <atomic>
#include <chrono>
#include <map>
#include <optional>
#include <set>
#include <stop_token>
#include <string>

#include "daemon/alert/alerter.hpp"
#include "daemon/alert/mutes.hpp"
#include "daemon/base/deadline.hpp"
#include "daemon/fleet/scheduler.hpp"
#include "daemon/fleet/workers.hpp"
#include "daemon/notify/channel.hpp"
#include "daemon/observe/overview.hpp"
#include "daemon/settings/current_settings.hpp"
#include "daemon/store/store.hpp"
#include "daemon/watch/ownership_watch.hpp"
#include "daemon/watch/store_watch.hpp"

namespace driftkeeper {

// Sees to it that nothing goes quiet: a clock that is set, a state that cannot be written, stacks
// without a complete check, drifts that wait to be alerted, things that two stacks manage, a daemon
// that cannot keep up, checks that hang, the heartbeat, and old rows that may go.
class Watch {
public:
    Watch(const CurrentSettings& settings, Store& store, Scheduler& scheduler, Overview& overview,
          Mutes& mutes, Alerter& alerter, const Clock& clock, StoreWatch::SendPast sendPast,
          Workers& workers);

    // Looks around about once a second until the token stops.
    void run(std::stop_token stop);

    // One look around. Public so that a test can drive it with its own clock.
    void tick();

    // How long ago the last look ended: the watchdog's evidence that the daemon is alive. From any
    // thread.
    [[nodiscard]] std::chrono::seconds silence() const noexcept;

    // Whether an alert is on its way past the store.
    [[nodiscard]] bool isSending() const noexcept { return state_.isSending(); }

private:
    // What the last complete check of a stack was, and when this watch first saw it.
    struct Seen {
        std::optional<TimePoint> evidence;
        BootTime since{};
    };
    void watchClock();
    void clampFuture(Seconds longestWait);
    void skipUnwritable();
    void watchStaleness();
    [[nodiscard]] BootClock::duration silenceOf(const StackLine& line);
    void watchLoad();
    void watchWorkers();
    void remind();
    void beat();
    void retain();

    const CurrentSettings& settings_;
    Store& store_;
    Scheduler& scheduler_;
    Overview& overview_;
    Mutes& mutes_;
    Alerter& alerter_;
    Workers& workers_;
    const Clock& clock_;
    OwnershipWatch ownership_;
    StoreWatch state_;
    BootClock::duration offset_;        // of the wall clock to the time since boot
    BootTime lastLook_;                 // at staleness
    std::map<std::string, Seen> seen_;  // by stack id
    std::set<std::string> stale_;       // stack ids that were alerted
    bool overloaded_ = false;
    Deadline nextBeat_;
    Deadline nextRetain_;
    Deadline nextReminders_;
    std::atomic<std::chrono::steady_clock::time_point> lastTick_{std::chrono::steady_clock::now()};
};

}  // namespace driftkeeper
