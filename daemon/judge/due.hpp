#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "daemon/model/time.hpp"

namespace driftkeeper {

// When a stack is looked at next. Pure: jitter comes from `seed` (a stack's id), so that a fleet
// spreads and a restart does not bunch it up again. A time that has passed means: due now. Never
// checked: within the first min(every, 30 s) from `now`, spread by seed. After a conclusive check:
// every ± 10 %. After `failures` failed checks in a row: sooner, after min(every, 30 s ×
// 2^failures) at the earliest and 10 % more at the latest. A last check that lies in the future
// (the clock was set back) counts as finished now.
TimePoint nextDue(Seconds every, std::optional<TimePoint> lastFinished, int failures,
                  std::string_view seed, TimePoint now);

}  // namespace driftkeeper
