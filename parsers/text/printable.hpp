#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace driftkeeper {

// Text from a repository or a plan that cannot steer a terminal or a chat: control characters (C0,
// C1, DEL) and line separators become visible (\n, \x1b), bidi and other invisible format
// characters are dropped, invalid UTF-8 becomes U+FFFD.
std::string printable(std::string_view text);

// Characters (code points) of a printable text, and its front up to `count` of them.
std::size_t lengthOf(std::string_view text) noexcept;
std::string_view firstCharacters(std::string_view text, std::size_t count) noexcept;

// At most `width` characters of a printable text; what was cut is marked with "…".
std::string shortened(std::string_view text, std::size_t width);

}  // namespace driftkeeper
