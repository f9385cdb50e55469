#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "daemon/model/time.hpp"

namespace driftkeeper {

// 2026-11-22T19:07:00Z (fractions only when there are some), and back: nullopt for anything that is
// no such time.
std::string utcText(TimePoint time);
std::optional<TimePoint> utcFrom(std::string_view text);

}  // namespace driftkeeper
