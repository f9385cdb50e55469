#pragma once

#include <optional>
#include <string>

#include "daemon/model/time.hpp"
#include "parsers/graph/drift.hpp"

namespace driftkeeper {

// A drift with a memory, keyed by stack and address while it is open.
struct Finding {
    std::string id;  // uuid
    std::string stackId;
    Drift drift;  // as last seen
    TimePoint firstSeen{};
    TimePoint lastSeen{};
    int sightings = 0;      // complete or partial checks in a row that showed it on the live side
    bool baseline = false;  // first seen by the stack's first complete check
    bool flapping = false;  // it comes and goes: several clean checks in a row close it, not one
    int cleanChecks = 0;    // complete checks in a row that did not show it; counted while it flaps
    std::optional<TimePoint> confirmedAt;  // empty: not yet, it may be a moment's
    // Confirmed, and in no incident yet: until others of the same cause had time to show, or
    // a mute ends.
    std::optional<TimePoint> deferredUntil;
    std::optional<TimePoint> closed;
    std::string resolution;  // in_sync stack_removed ignored; empty while open

    [[nodiscard]] bool isOpen() const noexcept { return !closed.has_value(); }
    [[nodiscard]] bool isConfirmed() const noexcept { return confirmedAt.has_value(); }
};

}  // namespace driftkeeper
