#pragma once

#include "daemon/model/check.hpp"

namespace driftkeeper {

// Saw all that there is to see, in a stack whose provider compares it with nothing: never
// conclusive, never stale.
inline bool isInventory(const Check& check) noexcept {
    return check.report.reason && check.report.reason->code == "not_compared";
}

}  // namespace driftkeeper
