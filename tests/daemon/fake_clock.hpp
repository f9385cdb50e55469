#pragma once

#include "daemon/base/clock.hpp"

namespace driftkeeper::tests {

// Time that goes on when a test says so.
class FakeClock final : public Clock {
public:
    [[nodiscard]] TimePoint now() const noexcept override { return now_; }
    void advance(std::chrono::microseconds by) noexcept { now_ += by; }

private:
    TimePoint now_{std::chrono::seconds(1'790'000'000)};
};

}  // namespace driftkeeper::tests
