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
    int sightings = 0;               // complete or partial checks in a row that showed it on the live side
    bool baseline = false;           // first seen by the stack's first complete check
    std::optional<TimePoint> told;   // confirmed; empty: not told to anybody yet
    std::optional<TimePoint> closed;
    std::string resolution;  // in_sync stack_removed ignored; empty while open

    [[nodiscard]] bool isOpen() const noexcept { return !closed.has_value(); }
    [[nodiscard]] bool isTold() const noexcept { return told.has_value(); }
};

}  // namespace driftkeeper
