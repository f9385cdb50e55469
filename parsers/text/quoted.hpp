#pragma once

#include <cstddef>
#include <string_view>

// Quotes and brackets in any text, also in one that stands inside of another text.
namespace driftkeeper {

constexpr bool isQuote(char c) noexcept {
    return c == '"' || c == '\'' || c == '`';
}

// A quote at the beginning, with the backslashes that a text inside of a text has in front of it;
// empty when there is none.
std::string_view openingQuote(std::string_view text);

// Where the text ends that such a quote began; npos: it does not.
std::size_t closingQuote(std::string_view text, std::string_view quote);

// The length of a list or an object with its brackets; the whole text when they do not close.
std::size_t bracketLength(std::string_view text);

}  // namespace driftkeeper
