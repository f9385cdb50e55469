#pragma once

#include <string_view>

// Characters of ASCII, the same in every locale: <cctype> asks the process's, and is undefined for
// bytes above 127.
namespace driftkeeper {

constexpr bool isDigit(char c) noexcept {
    return c >= '0' && c <= '9';
}

constexpr bool isLetter(char c) noexcept {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

// The text without the blanks at both ends. A view of `text`; empty when there are only blanks.
constexpr std::string_view trimmed(std::string_view text,
                                   std::string_view blanks = " \t\r\n\f\v") noexcept {
    const auto begin = text.find_first_not_of(blanks);
    if (begin == std::string_view::npos) return {};
    return text.substr(begin, text.find_last_not_of(blanks) - begin + 1);
}

}  // namespace driftkeeper
