#pragma once

#include <cstddef>
#include <string_view>
#include <vector>

namespace driftkeeper {

// A place in a text as editors count it: from 1, columns in code points.
struct TextPosition {
    std::size_t line = 1;
    std::size_t column = 1;
    auto operator<=>(const TextPosition&) const = default;
};

// The lines of a text. Points into the text, which must outlive it.
class TextLines {
public:
    explicit TextLines(std::string_view text);

    [[nodiscard]] std::string_view line(
        std::size_t number) const noexcept;  // without its end; empty when there is none
    [[nodiscard]] TextPosition at(
        std::size_t offset) const noexcept;  // of a byte; the end for what lies behind
    [[nodiscard]] TextPosition atCharacter(
        std::size_t number) const noexcept;  // code points before it

private:
    std::string_view text_;
    std::vector<std::size_t> starts_;
    std::vector<std::size_t>
        continuations_;  // UTF-8 continuation bytes before each byte; empty for plain ASCII
};

// The offset of the first byte that is no UTF-8, or a control character other than tab and line
// ends; npos: none.
std::size_t firstUnprintable(std::string_view text) noexcept;

}  // namespace driftkeeper
