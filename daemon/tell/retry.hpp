#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "daemon/model/time.hpp"

namespace driftkeeper {

// How an attempt ended, named by what has to happen next.
enum class Outcome {
    Delivered,       // the peer said yes
    Accepted,        // the peer took it and promised nothing
    Throttled,       // the destination asks for a pause; no attempt is counted
    Transient,       // try again later
    Ambiguous,       // written, no answer: try again with the same id
    BadDestination,  // the address or the credentials are wrong: the channel is in trouble
    BadPayload       // the peer does not understand the message
};

struct AttemptResult {
    Outcome outcome = Outcome::Transient;
    std::string text;                   // one redacted sentence
    std::optional<Seconds> retryAfter;  // the peer's own wish
};

struct RetryDecision {
    enum class Action { Done, Again, GiveUp };
    Action action = Action::Done;
    TimePoint at{};           // for Again
    bool countsAttempt = true;
};

// `attempts`: counted attempts before this one. `random`: a uniform number in [0,1) for the full jitter.
// Backoff min(2 s × 2^attempts, 15 min) with full jitter, at least 1 s; a wish of the peer is kept, capped at 1 h. After
// 72 h, or a second BadPayload: GiveUp. BadDestination is tried again every 15 min within the 72 h.
RetryDecision nextAttempt(const AttemptResult& result, int attempts, TimePoint created, TimePoint now, double random);

std::string_view name(Outcome outcome) noexcept;  // delivered accepted throttled transient ambiguous bad_destination bad_payload

}  // namespace driftkeeper
