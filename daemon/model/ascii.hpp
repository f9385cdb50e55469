#pragma once

#include <string>
#include <string_view>

namespace driftkeeper {

// A to Z in lower case; whatever is no ASCII letter stays, in every locale.
std::string lowered(std::string_view text);

// RFC 3986 §2.1: all but letters, digits and `plain` as %XX. The usual `plain` makes one segment of
// a path, or one value of a query.
std::string percentEncoded(std::string_view text, std::string_view plain = "-._~");

}  // namespace driftkeeper
