#pragma once

#include <cstddef>
#include <optional>

#include "daemon/model/time.hpp"

namespace driftkeeper {

// The stacks that are due and that no worker has taken yet.
struct CheckQueue {
    std::size_t waiting = 0;
    std::optional<TimePoint> oldest;  // since when the most overdue one has been due
};

}  // namespace driftkeeper
