#pragma once

#include <string>
#include <string_view>

namespace driftkeeper {

// The text with every moment (a date with a time of RFC 3339 or with a blank, a date, seconds or
// milliseconds since 1970) and every UUID replaced by a word: one scanner that writes its own time
// and run into many resources wrote the same thing into each. Pure.
std::string withoutMoments(std::string_view text);

}  // namespace driftkeeper
