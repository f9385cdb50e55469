#pragma once

#include <atomic>

#include "daemon/base/clock.hpp"

namespace driftkeeper::tests {

// Time that goes on when a test says so. Thread-safe.
class FakeClock final : public Clock {
public:
    [[nodiscard]] TimePoint now() const noexcept override {
        return TimePoint(std::chrono::microseconds(boot_ + wall_));
    }
    [[nodiscard]] BootTime boot() const noexcept override {
        return BootTime(std::chrono::microseconds(boot_));
    }
    void advance(std::chrono::microseconds by) noexcept { boot_ += by.count(); }
    // Somebody sets the wall clock.
    void set(std::chrono::microseconds by) noexcept { wall_ += by.count(); }

private:
    std::atomic<std::chrono::microseconds::rep> boot_{1'000'000'000};
    std::atomic<std::chrono::microseconds::rep> wall_{1'789'999'000'000'000};
};

}  // namespace driftkeeper::tests
