#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace driftkeeper {

// A canonical JSON value for people: strings without quotes when that is unambiguous, null as "not
// set", secrets as
// "(sensitive)", long values shortened to `width` characters. Printable.
std::string shownValue(std::string_view canonicalJson, std::size_t width = 80);

}  // namespace driftkeeper
