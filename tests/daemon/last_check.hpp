#pragma once

#include <memory>

#include "daemon/model/memory.hpp"

namespace driftkeeper {

// The last check of a status, to be changed: as a copy, because copies of the status share it. Good
// until the next call for the same status.
inline Check& lastCheckOf(StackStatus& status) {
    auto check = status.last ? std::make_shared<Check>(*status.last) : std::make_shared<Check>();
    status.last = check;
    return *check;
}

}  // namespace driftkeeper
