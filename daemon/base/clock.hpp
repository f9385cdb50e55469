#pragma once

#include <time.h>

#include "daemon/model/time.hpp"

namespace driftkeeper {

// Time since the host started, sleep included (CLOCK_BOOTTIME): nobody sets it, nothing stores it.
struct BootClock {
    using duration = std::chrono::microseconds;
    using rep = duration::rep;
    using period = duration::period;
    using time_point = std::chrono::time_point<BootClock>;
    static constexpr bool is_steady = true;
    static time_point now() noexcept {
        timespec time{};
        clock_gettime(CLOCK_BOOTTIME, &time);
        return time_point(std::chrono::seconds(time.tv_sec) +
                          std::chrono::floor<duration>(std::chrono::nanoseconds(time.tv_nsec)));
    }
};
using BootTime = BootClock::time_point;

// Two clocks, one seam for tests. `now` is what people read and what is stored: it may be wrong,
// and be set. Whatever waits goes by `boot` (deadline.hpp). Thread-safe.
class Clock {
public:
    virtual ~Clock() = default;
    [[nodiscard]] virtual TimePoint now() const noexcept = 0;
    [[nodiscard]] virtual BootTime boot() const noexcept = 0;
};

class SystemClock final : public Clock {
public:
    [[nodiscard]] TimePoint now() const noexcept override {
        return std::chrono::floor<std::chrono::microseconds>(std::chrono::system_clock::now());
    }
    [[nodiscard]] BootTime boot() const noexcept override { return BootClock::now(); }
};

}  // namespace driftkeeper
