#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace driftkeeper {

// How many bytes the code point at the front of `text` has (RFC 3629); 0 when there is none: an
// empty text, an overlong form, a surrogate, or what lies beyond U+10FFFF.
std::size_t utf8Length(std::string_view text) noexcept;

// Whether all of it is UTF-8. ASCII is passed at memory speed.
bool isUtf8(std::string_view text) noexcept;

// `code`: up to 0x10FFFF.
void appendUtf8(std::string& out, char32_t code);

}  // namespace driftkeeper
