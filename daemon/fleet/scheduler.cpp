#include "daemon/fleet/scheduler.hpp"

#include <algorithm>
#include <chrono>

#include "daemon/judge/due.hpp"

namespace driftkeeper {

void Scheduler::keep(const Stack& stack, std::optional<TimePoint> lastFinished, int failures,
                     bool soon) {
    const std::scoped_lock lock(mutex_);
    const TimePoint now = clock_.now();
    const auto [it, added] = entries_.try_emplace(stack.id);
    Entry& entry = it->second;
    const bool paceChanged = !added && entry.stack.every != stack.every;
    entry.stack = stack;
    entry.retiring.reset();
    if (added || paceChanged)
        entry.due = nextDue(stack.every, lastFinished, failures, stack.id, now);
    if (soon) {
        entry.due = std::min(entry.due, now);
        entry.again = entry.running;
    }
    changed_.notify_all();
}

void Scheduler::retire(const std::string& stackId, Retired why) {
    const std::scoped_lock lock(mutex_);
    const auto it = entries_.find(stackId);
    if (it == entries_.end()) return;
    it->second.retiring = why;
    it->second.due = clock_.now();
    changed_.notify_all();
}

bool Scheduler::request(const std::string& stackId) {
    const std::scoped_lock lock(mutex_);
    const auto it = entries_.find(stackId);
    if (it == entries_.end()) return false;
    it->second.due = std::min(it->second.due, clock_.now());
    it->second.again = it->second.running;
    changed_.notify_all();
    return true;
}

std::optional<Job> Scheduler::takeLocked() {
    const TimePoint now = clock_.now();
    auto best = entries_.end();
    for (auto it = entries_.begin(); it != entries_.end(); ++it) {
        if (it->second.running || it->second.due > now) continue;
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
        // Half a second is fine enough for checks that take longer, and follows a clock that is set
        // back.
        changed_.wait_for(lock, stop, std::chrono::milliseconds(500), [] { return false; });
    }
    return std::nullopt;
}

void Scheduler::finished(const std::string& stackId, int failures, std::optional<Seconds> again) {
    const std::scoped_lock lock(mutex_);
    const auto it = entries_.find(stackId);
    if (it == entries_.end()) return;
    Entry& entry = it->second;
    const TimePoint now = clock_.now();
    entry.running = false;
    if (entry.retiring || entry.again) {
        entry.due = now;
    } else {
        entry.due = nextDue(entry.stack.every, now, failures, stackId, now);
        if (again) entry.due = std::min(entry.due, now + *again);
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
        it->second.due = clock_.now() + *again;
    } else if (it->second.retiring) {
        entries_.erase(it);
    } else {  // it came back while its removal ran
        it->second.running = false;
        it->second.due = clock_.now();
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

CheckQueue Scheduler::queue() const {
    const std::scoped_lock lock(mutex_);
    const TimePoint now = clock_.now();
    CheckQueue queue;
    for (const auto& [id, entry] : entries_) {
        if (entry.running || entry.due >= now) continue;
        ++queue.waiting;
        queue.oldest = std::min(queue.oldest.value_or(entry.due), entry.due);
    }
    return queue;
}

Seconds Scheduler::lag() const {
    const TimePoint now = clock_.now();
    return std::chrono::duration_cast<Seconds>(now - queue().oldest.value_or(now));
}

}  // namespace driftkeeper
