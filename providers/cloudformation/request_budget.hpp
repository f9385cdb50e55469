#pragma once

#include <chrono>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <stop_token>
#include <string>

namespace driftkeeper::cloudformation {

// How a look waits; given by tests, so that they need not.
struct Pace {
    using Time = std::chrono::steady_clock::time_point;
    std::function<Time()> now;
    std::function<void(std::chrono::milliseconds, std::stop_token)>
        wait;                                    // ends early when it is stopped
    std::chrono::milliseconds pollEvery{5'000};  // of a drift detection

    static Pace real();
};

// What one account and region may be asked: AWS counts the requests of all who ask, deployments
// too, and publishes no number for those of drift detection. Shared by all stacks of a provider;
// thread-safe. A place is an account and a region, or the credentials and a region as long as the
// account is not known.
class RequestBudget {
public:
    explicit RequestBudget(Pace pace) : pace_(std::move(pace)) {}

    // Two names of one place from now on.
    void join(const std::string& place, const std::string& other);

    // Waits until a request may go out: 2 a second in the long run, 10 at once. False: not within
    // `most`, or stopped.
    bool take(const std::string& place, std::chrono::milliseconds most,
              const std::stop_token& stop);

    // AWS refused a request: nobody asks there for the next seconds.
    void throttled(const std::string& place);

    // One of the two drift detections that may run at once; free again with the last copy. Empty:
    // not within `most`.
    using Slot = std::shared_ptr<void>;
    Slot detection(const std::string& place, std::chrono::milliseconds most,
                   const std::stop_token& stop);

private:
    struct Bucket {
        double tokens = 10;
        Pace::Time filled{};
        std::weak_ptr<void> slots[2];
    };

    std::shared_ptr<Bucket> bucket(const std::string& place);  // with the mutex held
    template <class Try>
    bool waitFor(Try attempt, std::chrono::milliseconds most, const std::stop_token& stop);

    Pace pace_;
    std::mutex mutex_;
    std::map<std::string, std::shared_ptr<Bucket>> buckets_;
};

}  // namespace driftkeeper::cloudformation
