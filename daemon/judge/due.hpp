#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "daemon/model/time.hpp"

namespace driftkeeper {

// When a stack is looked at next. Pure: jitter comes from `seed` (a stack's id), so that a fleet spreads and a restart
// does not bunch it up again.
// Never checked: within the first min(every, 30 s), spread by seed. After a conclusive check: every ± 10 %. After
// `failures` failed checks in a row: the same, but at the earliest after min(every, 30 s × 2^failures).
TimePoint nextDue(Seconds every, std::optional<TimePoint> lastFinished, int failures, std::string_view seed, TimePoint now);

}  // namespace driftkeeper
