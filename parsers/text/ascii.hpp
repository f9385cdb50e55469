#pragma once

#include <string>
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

constexpr bool isLetterOrDigit(char c) noexcept {
    return isLetter(c) || isDigit(c);
}

constexpr char lowered(char c) noexcept {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

// A to Z in lower case; whatever is no ASCII letter stays.
inline std::string lowered(std::string_view text) {
    std::string out(text);
    for (char& c : out) c = lowered(c);
    return out;
}

// The text without the blanks at both ends. A view of `text`; empty when there are only blanks.
constexpr std::string_view trimmed(std::string_view text,
                                   std::string_view blanks = " \t\r\n\f\v") noexcept {
    const auto begin = text.find_first_not_of(blanks);
    if (begin == std::string_view::npos) return {};
    return text.substr(begin, text.find_last_not_of(blanks) - begin + 1);
}

}  // namespace driftkeeper
