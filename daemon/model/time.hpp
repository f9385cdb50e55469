#pragma once

#include <chrono>
#include <cstdint>

namespace driftkeeper {

// Wall-clock time, UTC, microseconds: what is stored and told.
using TimePoint = std::chrono::sys_time<std::chrono::microseconds>;

using Seconds = std::chrono::seconds;

struct Bytes {
    std::uint64_t count = 0;
    auto operator<=>(const Bytes&) const = default;
};

}  // namespace driftkeeper
