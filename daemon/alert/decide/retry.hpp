#pragma once

#include "daemon/model/attempt.hpp"

namespace driftkeeper {

struct RetryDecision {
    enum class Action { Done, Again, GiveUp };
    Action action = Action::Done;
    TimePoint at{};  // for Again
    bool countsAttempt = true;
};

// `attempts`: counted attempts before this one. `plain`: this attempt sent the smallest rendering.
// `random`: a uniform number in [0,1) for the full jitter. Backoff min(2 s × 2^attempts, 15 min)
// with full jitter, at least 1 s; a wish of the peer is kept, at least 1 s, capped at 1 h; a
// delivery with more to send goes on at once; Throttled without a wish waits 60 s. After 72 h, or
// when the plain rendering is a BadPayload too: GiveUp; the first BadPayload is tried again after 1
// s, and is to be sent plain then. BadDestination is tried again every 15 min within the 72 h.
RetryDecision nextAttempt(const AttemptResult& result, bool plain, int attempts, TimePoint created,
                          TimePoint now, double random);

}  // namespace driftkeeper
