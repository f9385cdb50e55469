#pragma once

#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <stop_token>
#include <string>
#include <thread>
#include <vector>

#include "daemon/base/clock.hpp"
#include "daemon/fleet/scheduler.hpp"

namespace driftkeeper {

// The threads that do the scheduler's jobs. A look ends by its stack's timeout; one that is still
// there a minute later hangs: its thread is written off and another takes its place, so that other
// stacks go on. The stack stays with the old one until that ends. Thread-safe.
class Workers {
public:
    // Does a job and hands it back to the scheduler.
    using Work = std::function<void(const Job&, std::stop_token)>;
    // Since when the look at a stack is under way, by its full name; nullopt: there is none.
    using Since = std::function<std::optional<BootTime>(const std::string&)>;

    // Starts `count` threads. All of these outlive them, or stop() said that some never end.
    Workers(Scheduler& scheduler, const Clock& clock, Work work, Since since, unsigned count);
    ~Workers();  // stops; threads that do not end are left behind

    // Whose checks began to hang, and whose ended after all, since the last call.
    struct News {
        std::vector<Stack> hanging;
        std::vector<Stack> ended;
    };
    News look();

    // Nothing new is begun, and what runs is asked to end. False: after `patience` a thread is
    // still at work, and with it what it uses.
    bool stop(std::chrono::milliseconds patience);

private:
    struct Seat;
    struct Shared;
    void start();
    static void run(const std::shared_ptr<Shared>& shared, const std::shared_ptr<Seat>& seat);

    std::shared_ptr<Shared> shared_;
};

}  // namespace driftkeeper
