#pragma once

#include <optional>
#include <string>

#include "daemon/model/time.hpp"

namespace driftkeeper {

// A look that is under way.
struct RunningCheck {
    std::string stack;  // full name
    std::string provider;
    TimePoint started{};
    std::string step;  // what it does now, a short phrase; empty: it just began
    std::optional<double> expectedSeconds;  // as long as the last one took; empty: there was none
};

}  // namespace driftkeeper
