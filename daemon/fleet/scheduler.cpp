#include "daemon/fleet/scheduler.hpp"

#include <algorithm>
#include <chrono>

#include "daemon/judge/due.hpp"

namespace driftkeeper {

// By when it is due next, counted from what the wall clock says of its last check.
Deadline Scheduler::inTime(const Stack& stack, std::optional<TimePoint> lastFinished,
                           int failures) const {
    const TimePoint now = clock_.now();
    return {clock_, nextDue(stack.every, lastFinished, failures, stack.id, now) - now};
}

void Scheduler::keep(const Stack& stack, std::optional<TimePoint> lastFinished, int failures,
                     bool soon) {
    const std::scoped_lock lock(mutex_);
    const auto [it, added] = entries_.try_emplace(stack.id);
    Entry& entry = it->second;
    const bool paceChanged = !added && entry.stack.every != stack.every;
    entry.stack = stack;
    entry.retiring.reset();
    if (added || paceChanged) entry.due = inTime(stack, lastFinished, failures);
    if (soon) {
        entry.due = std::min(entry.due, Deadline(clock_, {}));
        entry.again = entry.running;
    }
    changed_.notify_all();
}

void Scheduler::retire(const std::string& stackId, Retired why) {
    const std::scoped_lock lock(mutex_);
    const auto it = entries_.find(stackId);
    if (it == entries_.end()) return;
    it->second.retiring = why;
    it->second.due = Deadline(clock_, {});
    changed_.notify_all();
}

bool Scheduler::request(const std::string& stackId) {
    const std::scoped_lock lock(mutex_);
    const auto it = entries_.find(stackId);
    if (it == entries_.end()) return false;
    it->second.due = std::min(it->second.due, Deadline(clock_, {}));
    it->second.again = it->second.running;
    changed_.notify_all();
    return true;
}

std::optional<Job> Scheduler::takeLocked() {
    auto best = entries_.end();
    for (auto it = entries_.begin(); it != entries_.end(); ++it) {
        if (it->second.running || !it->second.due.isOver(clock_)) continue;
        if (best == entries_.end() || it->second.due < best->second.due) best = it;
    }
    if (best == entries_.end()) return std::nullopt;
    Entry& entry = best->second;
    entry.running = true;
    entry.again = false;
    if (entry.retiring) return Job{Job::Kind::Remove, entry.stack, *entry.retiring};
    return Job{Job::Kind::Check, entry.stack};
}

std::optional<Job> Scheduler::take() {
    const std::scoped_lock lock(mutex_);
    return takeLocked();
}

std::optional<Job> Scheduler::next(std::stop_token stop) {
    std::unique_lock lock(mutex_);
    while (!stop.stop_requested()) {
        if (auto job = takeLocked()) return job;
        // Half a second is fine enough for checks that take longer.
        changed_.wait_for(lock, stop, std::chrono::milliseconds(500), [] { return false; });
    }
    return std::nullopt;
}

void Scheduler::finished(const std::string& stackId, int failures, std::optional<Seconds> again) {
    const std::scoped_lock lock(mutex_);
    const auto it = entries_.find(stackId);
    if (it == entries_.end()) return;
    Entry& entry = it->second;
    entry.running = false;
    if (entry.retiring || entry.again) {
        entry.due = Deadline(clock_, {});
    } else {
        entry.due = inTime(entry.stack, clock_.now(), failures);
        if (again) entry.due = std::min(entry.due, Deadline(clock_, *again));
    }
    entry.again = false;
    changed_.notify_all();
}

void Scheduler::removed(const std::string& stackId, std::optional<Seconds> again) {
    const std::scoped_lock lock(mutex_);
    const auto it = entries_.find(stackId);
    if (it == entries_.end()) return;
    if (it->second.retiring && again) {
        it->second.running = false;
        it->second.due = Deadline(clock_, *again);
    } else if (it->second.retiring) {
        entries_.erase(it);
    } else {  // it came back while its removal ran
        it->second.running = false;
        it->second.due = Deadline(clock_, {});
    }
}

std::optional<Stack> Scheduler::find(const std::string& stackId) const {
    const std::scoped_lock lock(mutex_);
    const auto it = entries_.find(stackId);
    if (it == entries_.end()) return std::nullopt;
    return it->second.stack;
}

std::size_t Scheduler::size() const {
    const std::scoped_lock lock(mutex_);
    return entries_.size();
}

// Those that are due and that no worker has.
Scheduler::Late Scheduler::late() const {
    const std::scoped_lock lock(mutex_);
    Late late;
    for (const auto& [id, entry] : entries_) {
        const auto overdue = entry.due.overdue(clock_);
        if (entry.running || overdue.count() <= 0) continue;
        ++late.count;
        late.longest = std::max(late.longest, overdue);
    }
    return late;
}

CheckQueue Scheduler::queue() const {
    const Late found = late();
    if (found.count == 0) return {};
    return {found.count, clock_.now() - found.longest};
}

Seconds Scheduler::lag() const {
    return std::chrono::duration_cast<Seconds>(late().longest);
}

}  // namespace driftkeeper
