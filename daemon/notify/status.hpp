#pragma once

#include <optional>
#include <string_view>

#include "daemon/notify/channel.hpp"

namespace driftkeeper {

// What an HTTP status means for any channel, or no answer at all. The text holds the status, never
// a word of the peer.
AttemptResult judgeStatus(const Answer& answer, TimePoint now);

// The wish of a Retry-After header: whole seconds or an HTTP date, from `now`, between 0 and one
// day; nullopt for anything else.
std::optional<Seconds> retryAfter(std::string_view header, TimePoint now);

}  // namespace driftkeeper
