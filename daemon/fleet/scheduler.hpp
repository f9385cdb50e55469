#pragma once

#include <condition_variable>
#include <map>
#include <mutex>
#include <optional>
#include <stop_token>
#include <string>

#include "daemon/base/deadline.hpp"
#include "daemon/model/check_queue.hpp"
#include "daemon/model/stack.hpp"

namespace driftkeeper {

// Something for a worker to do.
struct Job {
    enum class Kind { Check, Remove };
    Kind kind = Kind::Check;
    Stack stack;
    Retired why = Retired::GoneFromGit;  // of a removal
};

// Which stack is looked at next: the one that has waited longest. A stack is never in the hands of
// two workers. What the wall clock shows, and whether somebody sets it, changes nothing.
// Thread-safe.
class Scheduler {
public:
    explicit Scheduler(const Clock& clock) : clock_(clock) {}

    // Adds a stack or replaces its properties. A new one becomes due by nextDue(); `soon` makes it
    // due at once.
    void keep(const Stack& stack, std::optional<TimePoint> lastFinished, int failures, bool soon);

    // Stops checking the stack; once nothing runs on it, its removal is handed out as a job.
    void retire(const std::string& stackId, Retired why);

    // Makes a stack due at once, also one that runs now (it runs again). False: unknown.
    bool request(const std::string& stackId);

    // The job that has waited longest, if one is due; it is the caller's until finished() or
    // removed().
    std::optional<Job> take();

    // The same, blocking until there is one or the token stops (nullopt).
    std::optional<Job> next(std::stop_token stop);

    // `failures`: checks in a row that were not complete; `again`: look again after this at the
    // latest.
    void finished(const std::string& stackId, int failures, std::optional<Seconds> again);
    // `again`: what is left of the stack is looked at once more then.
    void removed(const std::string& stackId, std::optional<Seconds> again);

    [[nodiscard]] std::optional<Stack> find(const std::string& stackId) const;
    [[nodiscard]] std::size_t size() const;

    [[nodiscard]] CheckQueue queue() const;

    // How long the most overdue stack has been waiting; 0 when none is due.
    [[nodiscard]] Seconds lag() const;

private:
    struct Entry {
        Stack stack;
        Deadline due;
        bool running = false;
        bool again = false;               // was requested while it ran
        std::optional<Retired> retiring;  // the next job is its removal
    };
    std::optional<Job> takeLocked();
    [[nodiscard]] Deadline inTime(const Stack& stack, std::optional<TimePoint> lastFinished,
                                  int failures) const;
    struct Late {
        std::size_t count = 0;
        BootClock::duration longest{0};
    };
    [[nodiscard]] Late late() const;

    const Clock& clock_;
    mutable std::mutex mutex_;
    std::condition_variable_any changed_;
    std::map<std::string, Entry> entries_;  // by stack id; below mutex_
};

}  // namespace driftkeeper
