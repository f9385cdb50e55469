#pragma once

#include <atomic>

#include "daemon/base/clock.hpp"

namespace driftkeeper::tests {

// Time that goes on when a test says so. Thread-safe.
class FakeClock final : public Clock {
public:
    [[nodiscard]] TimePoint now() const noexcept override {
        return TimePoint(std::chrono::microseconds(now_));
    }
    void advance(std::chrono::microseconds by) noexcept { now_ += by.count(); }

private:
    std::atomic<std::chrono::microseconds::rep> now_{1'790'000'000'000'000};
};

}  // namespace driftkeeper::tests
