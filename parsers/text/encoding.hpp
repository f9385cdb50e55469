#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace driftkeeper {

// Lower-case hexadecimal, two digits per byte.
std::string hex(std::string_view bytes);

// The value of a hexadecimal digit of either case; -1: it is not one.
int hexDigit(char c) noexcept;

// RFC 4648 §4, with padding. nullopt: not that, also when it is empty.
std::string base64(std::string_view bytes);
std::optional<std::string> base64Decoded(std::string_view text);

// RFC 3986 §2.1: all but letters, digits and `plain` as %XX. The usual `plain` makes one segment of
// a path, or one value of a query.
std::string percentEncoded(std::string_view text, std::string_view plain = "-._~");

// nullopt: a '%' without two digits behind it.
std::optional<std::string> percentDecoded(std::string_view text);

}  // namespace driftkeeper
