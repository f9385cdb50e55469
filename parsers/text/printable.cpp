#include "parsers/text/printable.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cassert>

#include "parsers/text/utf8.hpp"

namespace driftkeeper {
namespace {

constexpr std::string_view replacement = "\xef\xbf\xbd";  // U+FFFD

struct CodePoint {
    char32_t value = 0;
    std::size_t bytes = 0;  // 0: the text does not begin with a code point
};

bool continues(char c) {
    return (static_cast<unsigned char>(c) & 0xc0U) == 0x80U;
}

// The code point at the front of a text that is not empty.
CodePoint first(std::string_view text) {
    const std::size_t bytes = utf8Length(text);
    if (bytes == 0) return {};
    const auto lead = static_cast<unsigned char>(text[0]);
    char32_t value = bytes == 1 ? lead : lead & (0xffU >> (bytes + 1));
    for (const char c : text.substr(1, bytes - 1))
        value = value << 6U | (static_cast<unsigned char>(c) & 0x3fU);
    return {value, bytes};
}

struct Range {
    char32_t from;
    char32_t to;
};

// Soft hyphen, Arabic letter mark, Mongolian vowel separator, zero width and direction marks, bidi
// embeddings and isolates, byte order mark, interlinear annotation, tag characters. The joiner
// U+200D stays: emoji need it, it steers nothing.
constexpr std::array<Range, 10> invisible = {{{0xad, 0xad},
                                              {0x61c, 0x61c},
                                              {0x180e, 0x180e},
                                              {0x200b, 0x200c},
                                              {0x200e, 0x200f},
                                              {0x202a, 0x202e},
                                              {0x2060, 0x206f},
                                              {0xfeff, 0xfeff},
                                              {0xfff9, 0xfffb},
                                              {0xe0000, 0xe0fff}}};

bool isInvisible(char32_t c) {
    return std::ranges::any_of(
        invisible, [c](const Range& range) { return c >= range.from && c <= range.to; });
}

bool isControl(char32_t c) {
    return c < 0x20 || (c >= 0x7f && c < 0xa0) || c == 0x2028 || c == 0x2029;
}

std::string visible(char32_t c) {
    if (c == '\n') return "\\n";
    if (c == '\t') return "\\t";
    if (c == '\r') return "\\r";
    const auto number = static_cast<std::uint32_t>(c);
    return number > 0xff ? fmt::format("\\u{:04x}", number) : fmt::format("\\x{:02x}", number);
}

// How much of the front needs no second look.
std::size_t plainBytes(std::string_view text) {
    std::size_t end = 0;
    while (end < text.size() && text[end] >= ' ' && text[end] < '\x7f') ++end;
    return end;
}

}  // namespace

std::string printable(std::string_view text) {
    std::string result;
    result.reserve(text.size());
    for (;;) {
        const std::size_t plain = plainBytes(text);
        result += text.substr(0, plain);
        text.remove_prefix(plain);
        if (text.empty()) return result;
        const auto point = first(text);
        if (point.bytes == 0)
            result += replacement;
        else if (isControl(point.value))
            result += visible(point.value);
        else if (!isInvisible(point.value))
            result += text.substr(0, point.bytes);
        text.remove_prefix(std::max<std::size_t>(point.bytes, 1));
    }
}

std::size_t lengthOf(std::string_view text) noexcept {
    return static_cast<std::size_t>(
        std::ranges::count_if(text, [](char c) { return !continues(c); }));
}

std::string_view firstCharacters(std::string_view text, std::size_t count) noexcept {
    std::size_t end = 0;
    for (; end < text.size(); ++end)
        if (!continues(text[end]) && count-- == 0) break;
    return text.substr(0, end);
}

std::string shortened(std::string_view text, std::size_t width) {
    assert(width > 0);
    if (lengthOf(text) <= width) return std::string(text);
    return std::string(firstCharacters(text, width - 1)) + "…";
}

}  // namespace driftkeeper
