#include "daemon/watch/watch.hpp"

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <mutex>

#include "daemon/base/files.hpp"
#include "daemon/base/log.hpp"
#include "daemon/store/state_modes.hpp"
#include "parsers/text/ascii.hpp"

namespace driftkeeper {
namespace {

constexpr Seconds retainEvery{60 * 60};  // what is kept for weeks may stay an hour longer
constexpr Seconds remindEvery{10};       // nobody waits for a reminder to the second
constexpr Seconds leastLag{5 * 60};      // below it a full queue is a burst, not an overload

constexpr Seconds leastStep{2};               // of a clock that is set, not slowed or hurried
constexpr Seconds longestRetry{2 * 60 * 60};  // more than any delivery ever waits

BootClock::duration offsetOf(const Clock& clock) {
    return clock.now().time_since_epoch() - clock.boot().time_since_epoch();
}

// What says that a stack was looked at as far as it can be.
std::optional<TimePoint> evidenceOf(const StackLine& line) {
    const bool isInventory = line.reason && line.reason->code == "not_compared";
    return isInventory ? line.lastChecked : line.lastConclusive;
}

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

Trouble hangingCheck(const Stack& stack, Store& store) {
    Trouble trouble;
    trouble.kind = IncidentKind::Daemon;
    trouble.subject = stack.id;
    trouble.shownName = stack.fullName();
    trouble.cause = "check_hangs";
    trouble.text = "the check of stack " + stack.fullName() +
                   " did not end long after its timeout: its worker was replaced, and the stack is "
                   "not checked until it ends or the daemon is restarted";
    if (auto status = store.stacks.status(stack.id); status && *status)
        trouble.stacks = {**std::move(status)};
    return trouble;
}

}  // namespace

Watch::Watch(const CurrentSettings& settings, Store& store, Scheduler& scheduler,
             Overview& overview, Mutes& mutes, Alerter& alerter, const Clock& clock,
             StoreWatch::SendPast sendPast, Workers& workers)
    : settings_(settings),
      store_(store),
      scheduler_(scheduler),
      overview_(overview),
      mutes_(mutes),
      alerter_(alerter),
      workers_(workers),
      clock_(clock),
      ownership_(store, scheduler, alerter),
      state_(settings, store, overview, alerter, clock, std::move(sendPast)),
      offset_(offsetOf(clock)),
      lastLook_(clock.boot()),
      nextRetain_(clock, retainEvery) {
    clampFuture(longestRetry);
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
    watchClock();
    state_.look();
    watchStaleness();
    alerter_.alertWaiting();
    ownership_.look(clock_);
    remind();
    watchLoad();
    watchWorkers();
    beat();
    retain();
    keepModes(settings_.get()->stateDirectory);
    lastTick_ = std::chrono::steady_clock::now();
}

std::chrono::seconds Watch::silence() const noexcept {
    return std::chrono::duration_cast<std::chrono::seconds>(std::chrono::steady_clock::now() -
                                                            lastTick_.load());
}

// Nothing waits by the wall clock but what is stored: that is brought back when the clock is.
// Nothing old is deleted by a clock that was just set.
void Watch::watchClock() {
    const auto offset = offsetOf(clock_);
    const auto step = std::chrono::round<std::chrono::seconds>(offset - offset_);
    offset_ = offset;
    if (std::chrono::abs(step) < leastStep) return;
    log::warning(log::event::clockSet, "somebody set the clock",
                 {{"seconds", std::to_string(step.count())}});
    nextRetain_ = Deadline(clock_, retainEvery);
    if (step.count() < 0) clampFuture(Seconds(0));
}

void Watch::clampFuture(Seconds longestWait) {
    const auto clamped = store_.clampFuture(clock_.now(), longestWait);
    if (!clamped) {
        log::error(log::event::stateTrouble, "times in the future cannot be set to now",
                   {{"code", clamped.error().code}, {"reason", clamped.error().message}});
        return;
    }
    if (*clamped == 0) return;
    log::warning(log::event::futureTimes, "the state held times in the future: they are now",
                 {{"count", std::to_string(*clamped)}});
    (void)mutes_.load();
    if (const auto statuses = store_.stacks.statuses())
        for (const auto& status : *statuses) overview_.keep(status);
    for (const auto& line : overview_.stacks())
        if (const auto seen = seen_.find(line.id); seen != seen_.end())
            seen->second.evidence = evidenceOf(line);
}

// How long the stack has had no complete check, as far as this process saw: a daemon that was off
// has not looked, and says so by the heartbeat instead.
BootClock::duration Watch::silenceOf(const StackLine& line) {
    const auto evidence = evidenceOf(line);
    const BootTime now = clock_.boot();
    const auto [it, isNew] = seen_.try_emplace(line.id, Seen{evidence, now});
    if (!isNew && it->second.evidence != evidence) it->second = {evidence, now};
    return now - it->second.since;
}

// While the state cannot be written, that is the one incident: no check can be recorded then, so
// the time does not count.
void Watch::skipUnwritable() {
    const BootTime now = clock_.boot();
    const auto passed = now - std::exchange(lastLook_, now);
    if (!state_.isOpen()) return;
    for (auto& [id, seen] : seen_) seen.since += passed;
}

void Watch::watchStaleness() {
    skipUnwritable();
    if (state_.isOpen()) return;
    for (const auto& line : overview_.stacks()) {
        const auto stack = scheduler_.find(line.id);
        if (!stack) {
            seen_.erase(line.id);
            continue;
        }
        const auto silence = silenceOf(line);
        if (silence <= stack->staleAfter) {
            stale_.erase(line.id);
            continue;
        }
        if (stale_.contains(line.id)) continue;
        const auto status = store_.stacks.status(line.id);
        if (!status || !*status) continue;
        const auto& last = (*status)->last;
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
            std::to_string(std::chrono::duration_cast<std::chrono::minutes>(silence).count()) +
            " min: " + reason.text;
        if (alerter_.open(trouble)) stale_.insert(line.id);
    }
}

void Watch::watchLoad() {
    const Seconds lag = scheduler_.lag();
    const Seconds limit = std::max(leastLag, settings_.get()->checks.every);
    if (!overloaded_ && lag > limit) overloaded_ = alerter_.open(overload(lag));
    if (overloaded_ && lag < limit / 4) overloaded_ = !alerter_.close(overload(lag), "caught_up");
}

void Watch::watchWorkers() {
    const auto [hanging, ended] = workers_.look();
    for (const auto& stack : hanging) {
        log::error(log::event::checkHangs, "a check hangs: its worker is replaced",
                   {{"stack", stack.fullName()}});
        (void)alerter_.open(hangingCheck(stack, store_));
    }
    for (const auto& stack : ended) (void)alerter_.close(hangingCheck(stack, store_), "ended");
}

void Watch::remind() {
    if (!nextReminders_.isOver(clock_)) return;
    nextReminders_ = Deadline(clock_, remindEvery);
    alerter_.remind();
    alerter_.sendDigests();
}

void Watch::beat() {
    const auto settings = settings_.get();
    if (!settings->heartbeat || !nextBeat_.isOver(clock_)) return;
    // Whoever waits for it has to hear that something is wrong.
    if (store_.trouble()) return;
    nextBeat_ = Deadline(clock_, settings->heartbeat->every);
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

void Watch::retain() {
    if (!nextRetain_.isOver(clock_)) return;
    nextRetain_ = Deadline(clock_, retainEvery);
    if (const auto done = store_.retain(clock_.now()); !done)
        log::error(log::event::stateTrouble, "old rows cannot be removed",
                   {{"reason", done.error().message}});
}

}  // namespace driftkeeper
