#include "parsers/yaml/text_positions.hpp"

#include <algorithm>
#include <ranges>

#include "parsers/text/utf8.hpp"

namespace driftkeeper {
namespace {

bool isContinuation(char c) noexcept {
    return (static_cast<unsigned char>(c) & 0xC0U) == 0x80U;
}

bool isControl(char c) noexcept {
    const auto byte = static_cast<unsigned char>(c);
    return (byte < 0x20 && c != '\t' && c != '\n' && c != '\r') || byte == 0x7F;
}

}  // namespace

TextLines::TextLines(std::string_view text) : text_(text), starts_{0} {
    for (std::size_t at = 0; at < text.size(); ++at) {
        if (text[at] == '\n') starts_.push_back(at + 1);
    }
    if (std::ranges::none_of(text, isContinuation)) return;
    continuations_.reserve(text.size() + 1);
    std::size_t count = 0;
    for (const char c : text) {
        continuations_.push_back(count);
        if (isContinuation(c)) ++count;
    }
    continuations_.push_back(count);
}

std::string_view TextLines::line(std::size_t number) const noexcept {
    if (number == 0 || number > starts_.size()) return {};
    const auto begin = starts_[number - 1];
    const auto end = number < starts_.size() ? starts_[number] - 1 : text_.size();
    auto line = text_.substr(begin, end - begin);
    if (line.ends_with('\r')) line.remove_suffix(1);
    return line;
}

TextPosition TextLines::at(std::size_t offset) const noexcept {
    offset = std::min(offset, text_.size());
    const auto next = std::ranges::upper_bound(starts_, offset);
    const auto line = static_cast<std::size_t>(next - starts_.begin());
    const auto begin = starts_[line - 1];
    const auto hidden = continuations_.empty() ? 0 : continuations_[offset] - continuations_[begin];
    return {line, offset - begin - hidden + 1};
}

TextPosition TextLines::atCharacter(std::size_t number) const noexcept {
    if (continuations_.empty()) return at(number);
    // Its first byte is the last one with that many others before it.
    const auto bytes = std::views::iota(std::size_t{0}, continuations_.size());
    const auto behind = std::ranges::upper_bound(
        bytes, number, {}, [this](std::size_t byte) { return byte - continuations_[byte]; });
    return at(*std::ranges::prev(behind));
}

std::size_t firstUnprintable(std::string_view text) noexcept {
    std::size_t at = 0;
    while (at < text.size()) {
        const auto length = utf8Length(text.substr(at));
        if (length == 0 || isControl(text[at])) return at;
        at += length;
    }
    return std::string_view::npos;
}

}  // namespace driftkeeper
