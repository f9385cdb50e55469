#pragma once

#include <optional>
#include <string>
#include <vector>

#include "daemon/model/route_match.hpp"
#include "daemon/model/time.hpp"

namespace driftkeeper {

// A time in which nothing new is told about what `match` names: what is still true when it ends
// is told then.
struct Silence {
    std::string id;                    // uuid
    std::vector<std::string> matcher;  // as it was asked for: stack=infra/prod/**
    RouteMatch match;                  // what that means
    std::string reason;
    std::string by;  // who asked for it
    TimePoint from{};
    TimePoint until{};
    bool operator==(const Silence&) const = default;
};

// The same, coming back: a maintenance window, quiet hours.
struct MuteWindow {
    std::string name;
    RouteMatch match;
    std::vector<unsigned> days;  // 0 = Sunday … 6, of the window's start; empty: every day
    Seconds from{0};             // since midnight by the clock on the wall
    Seconds to{0};               // not after `from`: ends on the next day
    std::string timeZone;        // empty: the daemon's
    std::string reason;
    bool operator==(const MuteWindow&) const = default;
};

}  // namespace driftkeeper
