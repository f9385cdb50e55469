#include "providers/cloudformation/request_budget.hpp"

#include <algorithm>
#include <condition_variable>

namespace driftkeeper::cloudformation {
namespace {

using std::chrono::milliseconds;

constexpr double perSecond = 2;
constexpr double atOnce = 10;
constexpr double owedWhenThrottled = 6;  // three seconds of silence

}  // namespace

Pace Pace::real() {
    const auto wait = [](milliseconds time, std::stop_token stop) {
        std::mutex mutex;
        std::condition_variable_any never;
        std::unique_lock lock(mutex);
        never.wait_for(lock, std::move(stop), time, [] { return false; });
    };
    return {[] { return std::chrono::steady_clock::now(); }, wait};
}

std::shared_ptr<RequestBudget::Bucket> RequestBudget::bucket(const std::string& place) {
    auto& bucket = buckets_[place];
    if (!bucket) bucket = std::make_shared<Bucket>(Bucket{atOnce, pace_.now(), {}});
    return bucket;
}

void RequestBudget::join(const std::string& place, const std::string& other) {
    const std::scoped_lock lock(mutex_);
    const auto known = buckets_.find(other);
    if (known == buckets_.end()) {
        buckets_.emplace(other, bucket(place));
    } else {
        buckets_[place] = known->second;
    }
}

// `attempt` gives how long to wait before it is worth another one; zero: done.
template <class Try>
bool RequestBudget::waitFor(Try attempt, milliseconds most, const std::stop_token& stop) {
    const auto deadline = pace_.now() + most;
    while (!stop.stop_requested()) {
        const milliseconds time = attempt();
        if (time.count() == 0) return true;
        if (pace_.now() + time > deadline) return false;
        pace_.wait(time, stop);
    }
    return false;
}

bool RequestBudget::take(const std::string& place, milliseconds most, const std::stop_token& stop) {
    const auto attempt = [&] {
        const std::scoped_lock lock(mutex_);
        Bucket& one = *bucket(place);
        const auto now = pace_.now();
        one.tokens = std::min(
            atOnce,
            one.tokens + perSecond * std::chrono::duration<double>(now - one.filled).count());
        one.filled = now;
        if (one.tokens >= 1) {
            one.tokens -= 1;
            return milliseconds(0);
        }
        return milliseconds(1 + static_cast<long>((1 - one.tokens) / perSecond * 1000));
    };
    return waitFor(attempt, most, stop);
}

void RequestBudget::throttled(const std::string& place) {
    const std::scoped_lock lock(mutex_);
    Bucket& one = *bucket(place);
    one.tokens = std::min(one.tokens, -owedWhenThrottled);
    one.filled = pace_.now();
}

RequestBudget::Slot RequestBudget::detection(const std::string& place, milliseconds most,
                                             const std::stop_token& stop) {
    Slot slot;
    const auto attempt = [&] {
        const std::scoped_lock lock(mutex_);
        for (auto& one : bucket(place)->slots) {
            if (!one.expired()) continue;
            slot = std::make_shared<int>();
            one = slot;
            return milliseconds(0);
        }
        return milliseconds(500);
    };
    waitFor(attempt, most, stop);
    return slot;
}

}  // namespace driftkeeper::cloudformation
