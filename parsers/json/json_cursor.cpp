#include "parsers/json/json_cursor.hpp"

#include <array>
#include <bit>
#include <cstdint>
#include <cstring>
#include <optional>
#include <utility>

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

namespace driftkeeper {
namespace {

// 64 characters at a time, a bit for each.
using Bits = std::uint64_t;
constexpr std::size_t blockSize = 64;

Bits equalTo(const char* block, char c, char ignoredBit = 0) noexcept {
    Bits bits = 0;
#if defined(__SSE2__)
    for (int i = 3; i >= 0; --i) {
        const auto text = _mm_loadu_si128(reinterpret_cast<const __m128i*>(block + i * 16));
        const auto equal = _mm_cmpeq_epi8(_mm_or_si128(text, _mm_set1_epi8(ignoredBit)), _mm_set1_epi8(c));
        bits = bits << 16U | static_cast<unsigned>(_mm_movemask_epi8(equal));
    }
#else
    for (std::size_t i = 0; i < blockSize; ++i) bits |= Bits{(block[i] | ignoredBit) == c} << i;
#endif
    return bits;
}

// Without a popcnt instruction in the baseline, std::popcount is a call.
std::size_t count(Bits bits) noexcept {
    bits -= bits >> 1U & 0x5555555555555555U;
    bits = (bits & 0x3333333333333333U) + (bits >> 2U & 0x3333333333333333U);
    bits = (bits + (bits >> 4U)) & 0x0F0F0F0F0F0F0F0FU;
    return static_cast<std::size_t>(bits * 0x0101010101010101U >> 56U);
}

// Finds the brackets that stand outside of strings, block by block.
class BracketScan {
public:
    struct Brackets {
        Bits open, close;
    };

    Brackets next(const char* block) noexcept {
        const Bits quotes = equalTo(block, '"') & ~escaped(equalTo(block, '\\'));
        const Bits inString = prefixXor(quotes) ^ inString_;
        inString_ = inString >> 63U != 0 ? ~Bits{0} : 0;
        constexpr char squareToCurly = 0x20;
        return {equalTo(block, '{', squareToCurly) & ~inString, equalTo(block, '}', squareToCurly) & ~inString};
    }

private:
    // Characters behind an odd number of backslashes: an addition carries through each run of them.
    Bits escaped(Bits backslashes) noexcept {
        constexpr Bits evenBits = 0x5555555555555555U;
        if (backslashes == 0) return std::exchange(escapes_, 0);
        backslashes &= ~escapes_;
        const Bits follows = backslashes << 1U | escapes_;
        const Bits oddStarts = backslashes & ~evenBits & ~follows;
        Bits sum = 0;
        escapes_ = __builtin_add_overflow(oddStarts, backslashes, &sum) ? 1 : 0;
        return (evenBits ^ sum << 1U) & follows;
    }

    // Bit i tells whether an odd number of bits up to i is set: within quotes.
    static Bits prefixXor(Bits bits) noexcept {
        for (unsigned shift = 1; shift < 64; shift *= 2) bits ^= bits << shift;
        return bits;
    }

    Bits escapes_ = 0;   // bit 0: the next block begins with an escaped character
    Bits inString_ = 0;  // all bits: the next block begins within a string
};

std::optional<unsigned> hex4(std::string_view raw, std::size_t at) noexcept {
    if (at + 4 > raw.size()) return std::nullopt;
    unsigned value = 0;
    for (const char c : raw.substr(at, 4)) {
        value *= 16;
        if (c >= '0' && c <= '9') {
            value += static_cast<unsigned>(c - '0');
        } else if ((c | 0x20) >= 'a' && (c | 0x20) <= 'f') {
            value += static_cast<unsigned>((c | 0x20) - 'a') + 10;
        } else {
            return std::nullopt;
        }
    }
    return value;
}

void appendUtf8(std::string& out, unsigned code) {
    const auto put = [&](unsigned byte) { out += static_cast<char>(byte); };
    if (code < 0x80) {
        put(code);
    } else if (code < 0x800) {
        put(0xC0 | code >> 6);
        put(0x80 | (code & 0x3F));
    } else if (code < 0x10000) {
        put(0xE0 | code >> 12);
        put(0x80 | (code >> 6 & 0x3F));
        put(0x80 | (code & 0x3F));
    } else {
        put(0xF0 | code >> 18);
        put(0x80 | (code >> 12 & 0x3F));
        put(0x80 | (code >> 6 & 0x3F));
        put(0x80 | (code & 0x3F));
    }
}

// Resolves a \u escape (and its low surrogate) whose four digits begin at `at`; returns how many characters were used.
std::size_t appendCode(std::string& out, std::string_view raw, std::size_t at) {
    constexpr unsigned unknown = 0xFFFD;
    const auto code = hex4(raw, at);
    if (!code) {
        appendUtf8(out, unknown);
        return 0;
    }
    const bool high = *code >= 0xD800 && *code < 0xDC00;
    if (high && raw.substr(at + 4, 2) == "\\u") {
        const auto low = hex4(raw, at + 6);
        if (low && *low >= 0xDC00 && *low < 0xE000) {
            appendUtf8(out, 0x10000 + ((*code - 0xD800) << 10U) + (*low - 0xDC00));
            return 10;
        }
    }
    appendUtf8(out, *code >= 0xD800 && *code < 0xE000 ? unknown : *code);
    return 4;
}

}  // namespace

std::string unescaped(std::string_view raw) {
    std::string out;
    out.reserve(raw.size());
    for (std::size_t i = 0; i < raw.size(); ++i) {
        if (raw[i] != '\\' || i + 1 == raw.size()) {
            out += raw[i];
            continue;
        }
        switch (const char c = raw[++i]) {
            case 'b':
                out += '\b';
                break;
            case 'f':
                out += '\f';
                break;
            case 'n':
                out += '\n';
                break;
            case 'r':
                out += '\r';
                break;
            case 't':
                out += '\t';
                break;
            case 'u':
                i += appendCode(out, raw, i + 1);
                break;
            default:
                out += c;
        }
    }
    return out;
}

void JsonCursor::fail() noexcept {
    failed_ = true;
    at_ = end_;
}

void JsonCursor::space() noexcept {
    while (at_ < end_ && (*at_ == ' ' || *at_ == '\n' || *at_ == '\t' || *at_ == '\r')) ++at_;
}

bool JsonCursor::finished() noexcept {
    space();
    return at_ == end_ && !failed_;
}

char JsonCursor::peek() noexcept {
    space();
    return at_ < end_ ? *at_ : '\0';
}

bool JsonCursor::enter(char bracket) noexcept {
    if (peek() != bracket) {
        fail();
        return false;
    }
    ++at_;
    fresh_ = true;
    return true;
}

void JsonCursor::enterObject() noexcept {
    enter('{');
}
void JsonCursor::enterArray() noexcept {
    enter('[');
}

// Stands before the next member or element, or behind the closing bracket (false).
bool JsonCursor::next(char bracket) noexcept {
    const char c = peek();
    const bool first = fresh_;
    fresh_ = false;
    if (c == bracket) {
        ++at_;
        return false;
    }
    if (!first) {
        if (c != ',') {
            fail();
            return false;
        }
        ++at_;
    }
    const char value = peek();
    if (value == '\0' || value == ',' || value == ']' || value == '}') fail();
    return !failed_;
}

bool JsonCursor::nextElement() noexcept {
    return next(']');
}

bool JsonCursor::nextKey(std::string_view& rawKey) noexcept {
    if (!next('}')) return false;
    if (*at_ != '"') {
        fail();
        return false;
    }
    const char* begin = at_ + 1;
    skipString();
    if (failed_) return false;
    rawKey = {begin, static_cast<std::size_t>(at_ - 1 - begin)};
    if (peek() != ':') {
        fail();
        return false;
    }
    ++at_;
    return true;
}

void JsonCursor::skipString() noexcept {
    for (const char* from = at_ + 1; from < end_;) {
        const auto* quote = static_cast<const char*>(std::memchr(from, '"', static_cast<std::size_t>(end_ - from)));
        if (quote == nullptr) break;
        std::size_t backslashes = 0;
        while (quote - backslashes > at_ + 1 && *(quote - backslashes - 1) == '\\') ++backslashes;
        from = quote + 1;
        if (backslashes % 2 == 0) {
            at_ = from;
            return;
        }
    }
    fail();
}

void JsonCursor::skipContainer() noexcept {
    BracketScan scan;
    std::size_t depth = 0;
    std::array<char, blockSize> last{};
    while (at_ < end_) {
        const auto left = static_cast<std::size_t>(end_ - at_);
        const char* block = at_;
        if (left < blockSize) {
            std::memcpy(last.data(), at_, left);
            block = last.data();
        }
        const auto [open, close] = scan.next(block);
        const auto closing = count(close);
        if (closing < depth) {
            depth += count(open) - closing;
        } else {
            for (Bits bits = open | close; bits != 0; bits &= bits - 1) {
                const Bits bit = bits & -bits;
                depth = (open & bit) != 0 ? depth + 1 : depth - 1;
                if (depth == 0) {
                    at_ += std::countr_zero(bit) + 1;
                    return;
                }
            }
        }
        at_ += left < blockSize ? left : blockSize;
    }
    fail();
}

std::string_view JsonCursor::skip() noexcept {
    const char first = peek();
    const char* begin = at_;
    if (first == '{' || first == '[') {
        skipContainer();
    } else if (first == '"') {
        skipString();
    } else {
        while (at_ < end_ && std::strchr(",]} \t\r\n", *at_) == nullptr) ++at_;
        if (at_ == begin) fail();
    }
    if (failed_) return {};
    return {begin, static_cast<std::size_t>(at_ - begin)};
}

std::string JsonCursor::string() {
    const auto raw = skip();
    if (raw.size() < 2 || raw.front() != '"') return {};
    return unescaped(raw.substr(1, raw.size() - 2));
}

bool JsonCursor::isTrue() noexcept {
    return skip() == "true";
}

}  // namespace driftkeeper
