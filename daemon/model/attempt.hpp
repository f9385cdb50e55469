#pragma once

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
    std::optional<Memo> memo =
        {};             // what to know of the incident from now on; nullopt: what was known
    bool more = false;  // the peer said yes, and the delivery has another request
};

// delivered accepted throttled transient ambiguous bad_destination bad_payload
std::string_view name(Outcome outcome) noexcept;

}  // namespace driftkeeper
