#pragma once

#include <string>
#include <string_view>

#include "parsers/result.hpp"

namespace driftkeeper {

// One JSON value as canonical text: no white space, object keys sorted by bytes, numbers with their token unchanged,
// strings escaped minimally (\" \\ and \u00XX for control characters). Fails with `invalid_json` (Report) on broken
// text, invalid UTF-8, repeated keys, trailing text, or nesting deeper than 512.
Result<std::string> canonicalJson(std::string_view text);

// `text` as a JSON string literal, quotes included. Invalid UTF-8 becomes U+FFFD.
std::string jsonString(std::string_view text);

}  // namespace driftkeeper
