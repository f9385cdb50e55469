#include "daemon/watch/watch.hpp"

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <mutex>

#include "daemon/base/files.hpp"
#include "daemon/base/log.hpp"
#include "daemon/model/inventory_check.hpp"
#include "parsers/text/ascii.hpp"

namespace driftkeeper {
namespace {

constexpr Seconds retainEvery{60 * 60};
constexpr Seconds remindEvery{10};
constexpr Seconds leastLag{5 * 60};  // below it a full queue is a burst, not an overload

Trouble overload(Seconds lag) {
    Trouble trouble;
    trouble.kind = IncidentKind::Overload;
    trouble.subject = "driftkeeper";
    trouble.shownName = "driftkeeper";
    trouble.cause = "overload";
    trouble.text = "checks start " + std::to_string(lag.count()) +
                   " s late: raise checks.parallel, check less often, or give the host more cores";
    return trouble;
}

}  // namespace

Watch::Watch(const CurrentSettings& settings, Store& store, Scheduler& scheduler,
             const Overview& overview, Alerter& alerter, const Clock& clock)
    : settings_(settings),
      store_(store),
      scheduler_(scheduler),
      overview_(overview),
      alerter_(alerter),
      clock_(clock),
      ownership_(store, scheduler, alerter),
      started_(clock.now()) {
    const auto open = store_.incidents.list(true, 100'000);
    if (!open) return;
    for (const auto& incident : *open) {
        if (incident.kind == IncidentKind::Stale) stale_.insert(incident.subject);
        if (incident.kind == IncidentKind::Overload) overloaded_ = true;
    }
}

void Watch::run(std::stop_token stop) {
    std::mutex mutex;
    std::condition_variable_any never;
    std::unique_lock lock(mutex);
    while (!stop.stop_requested()) {
        tick();
        never.wait_for(lock, stop, std::chrono::seconds(1), [] { return false; });
    }
}

void Watch::tick() {
    const TimePoint now = clock_.now();
    watchStaleness(now);
    alerter_.alertWaiting();
    ownership_.look(now);
    remind(now);
    watchLoad(now);
    beat(now);
    retain(now);
    lastTick_ = std::chrono::steady_clock::now();
}

std::chrono::seconds Watch::silence() const noexcept {
    return std::chrono::duration_cast<std::chrono::seconds>(std::chrono::steady_clock::now() -
                                                            lastTick_.load());
}

// The time before this start does not count: a daemon that was off has not looked, and says so by
// the heartbeat instead.
void Watch::watchStaleness(TimePoint now) {
    for (const auto& line : overview_.stacks()) {
        const auto stack = scheduler_.find(line.id);
        if (!stack) continue;
        const TimePoint since = std::max(line.lastConclusive.value_or(started_), started_);
        if (now - since <= stack->staleAfter) {
            stale_.erase(line.id);
            continue;
        }
        if (stale_.contains(line.id)) continue;
        const auto status = store_.stacks.status(line.id);
        if (!status || !*status) continue;
        const auto& last = (*status)->last;
        if (last && isInventory(*last) && now - last->finished <= stack->staleAfter) continue;
        Trouble trouble;
        trouble.kind = IncidentKind::Stale;
        trouble.subject = line.id;
        trouble.shownName = line.stack;
        trouble.stacks = {**status};
        const Reason reason = last && last->report.reason
                                  ? *last->report.reason
                                  : Reason{"not_checked_yet", "no check of it has ended since"};
        trouble.cause = reason.code;
        trouble.text =
            "stack " + line.stack + " had no complete check for " +
            std::to_string(std::chrono::duration_cast<std::chrono::minutes>(now - since).count()) +
            " min: " + reason.text;
        if (alerter_.open(trouble)) stale_.insert(line.id);
    }
}

void Watch::watchLoad(TimePoint) {
    const Seconds lag = scheduler_.lag();
    const Seconds limit = std::max(leastLag, settings_.get()->checks.every);
    if (!overloaded_ && lag > limit) overloaded_ = alerter_.open(overload(lag));
    if (overloaded_ && lag < limit / 4) overloaded_ = !alerter_.close(overload(lag), "caught_up");
}

void Watch::remind(TimePoint now) {
    if (now < nextReminders_) return;
    nextReminders_ = now + remindEvery;
    alerter_.remind();
    alerter_.sendDigests();
}

void Watch::beat(TimePoint now) {
    const auto settings = settings_.get();
    if (!settings->heartbeat || now < nextBeat_) return;
    nextBeat_ = now + settings->heartbeat->every;
    HttpRequest request;
    request.url = settings->heartbeat->url.value;
    if (request.url.empty()) {
        const auto text = readFile(settings->heartbeat->url.file);
        if (!text) {
            log::warning(log::event::heartbeatFailed, "heartbeat not sent",
                         {{"reason", text.error().message}});
            return;
        }
        request.url = trimmed(*text);
    }
    const Answer answer = HttpClient().send(request);
    if (answer.status < 200 || answer.status > 299)
        log::warning(log::event::heartbeatFailed, "heartbeat not taken",
                     {{"status", std::to_string(answer.status)}, {"reason", answer.error}});
}

void Watch::retain(TimePoint now) {
    if (now < nextRetain_) return;
    nextRetain_ = now + retainEvery;
    if (const auto done = store_.retain(now); !done)
        log::error(log::event::stateTrouble, "old rows cannot be removed",
                   {{"reason", done.error().message}});
}

}  // namespace driftkeeper
