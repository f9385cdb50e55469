#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "daemon/model/incident.hpp"

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

// The peer said yes, or at least took it.
constexpr bool isTaken(Outcome outcome) noexcept {
    return outcome == Outcome::Delivered || outcome == Outcome::Accepted;
}

struct AttemptResult {
    Outcome outcome = Outcome::Transient;
    std::string text;                   // one redacted sentence
    std::optional<Seconds> retryAfter;  // the peer's own wish
    std::optional<Memo> memo = {};      // what to know of the incident from now on; nullopt: what was known
    bool more = false;                  // the peer said yes, and the delivery has another request
};

struct RetryDecision {
    enum class Action { Done, Again, GiveUp };
    Action action = Action::Done;
    TimePoint at{};  // for Again
    bool countsAttempt = true;
};

// `attempts`: counted attempts before this one. `plain`: this attempt sent the smallest rendering. `random`: a uniform
// number in [0,1) for the full jitter.
// Backoff min(2 s × 2^attempts, 15 min) with full jitter, at least 1 s; a wish of the peer is kept, at least 1 s,
// capped at 1 h; a delivery with more to send goes on at once; Throttled without a wish waits 60 s. After 72 h, or when
// the plain rendering is a BadPayload too: GiveUp; the first BadPayload is tried again after 1 s, and is to be sent
// plain then. BadDestination is tried again every 15 min within the 72 h.
RetryDecision nextAttempt(const AttemptResult& result, bool plain, int attempts, TimePoint created, TimePoint now,
                          double random);

std::string_view name(
    Outcome outcome) noexcept;  // delivered accepted throttled transient ambiguous bad_destination bad_payload

}  // namespace driftkeeper
