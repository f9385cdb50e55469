#include "parsers/json/json_cursor.hpp"

#include <array>
#include <bit>
#include <cstdint>
#include <cstring>
#include <utility>

#include "parsers/json/json_string.hpp"

#if defined(__SSE2__)
#include <immintrin.h>
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
        const auto equal =
            _mm_cmpeq_epi8(_mm_or_si128(text, _mm_set1_epi8(ignoredBit)), _mm_set1_epi8(c));
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

constexpr char squareToCurly = 0x20;

#if defined(__SSE2__)
// The same for processors that can do more at a time; such code is not inlined into any other.
#define DRIFTKEEPER_WIDE [[gnu::target("avx2,pclmul")]]

bool isWide() noexcept {
    static const bool wide =
        __builtin_cpu_supports("avx2") != 0 && __builtin_cpu_supports("pclmul") != 0;
    return wide;
}

struct WideBlock {
    __m256i low, high;
};

DRIFTKEEPER_WIDE inline Bits equalTo(const WideBlock& block, char c) noexcept {
    const auto wanted = _mm256_set1_epi8(c);
    const auto low =
        static_cast<std::uint32_t>(_mm256_movemask_epi8(_mm256_cmpeq_epi8(block.low, wanted)));
    const auto high =
        static_cast<std::uint32_t>(_mm256_movemask_epi8(_mm256_cmpeq_epi8(block.high, wanted)));
    return Bits{high} << 32U | low;
}

DRIFTKEEPER_WIDE inline Bits widePrefixXor(Bits bits) noexcept {
    const auto product =
        _mm_clmulepi64_si128(_mm_set_epi64x(0, static_cast<long long>(bits)), _mm_set1_epi8(-1), 0);
    return static_cast<Bits>(_mm_cvtsi128_si64(product));
}
#endif

struct Brackets {
    Bits open, close;
};

// Finds the brackets that stand outside of strings, block by block.
class BracketScan {
public:
    Brackets next(const char* block) noexcept {
        const Bits quotes = equalTo(block, '"') & ~escaped(equalTo(block, '\\'));
        const Bits inString = prefixXor(quotes) ^ inString_;
        inString_ = inString >> 63U != 0 ? ~Bits{0} : 0;
        return {equalTo(block, '{', squareToCurly) & ~inString,
                equalTo(block, '}', squareToCurly) & ~inString};
    }

#if defined(__SSE2__)
    // The same for as many blocks as `out` has room for.
    template <std::size_t N>
    DRIFTKEEPER_WIDE void next(const char* blocks, std::array<Brackets, N>& out) noexcept {
        const auto bit = _mm256_set1_epi8(squareToCurly);
        for (auto& brackets : out) {
            WideBlock block{
                _mm256_loadu_si256(reinterpret_cast<const __m256i*>(blocks)),
                _mm256_loadu_si256(reinterpret_cast<const __m256i*>(blocks + blockSize / 2))};
            const Bits quotes = equalTo(block, '"') & ~escaped(equalTo(block, '\\'));
            const Bits inString = widePrefixXor(quotes) ^ inString_;
            inString_ = inString >> 63U != 0 ? ~Bits{0} : 0;
            block = {_mm256_or_si256(block.low, bit), _mm256_or_si256(block.high, bit)};
            brackets = {equalTo(block, '{') & ~inString, equalTo(block, '}') & ~inString};
            blocks += blockSize;
        }
    }
#endif

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

// Behind the closing quote of a string that holds no escapes and ends soon, as keys do; nullptr for
// others.
const char* endOfShortString(const char* at, const char* end) noexcept {
#if defined(__SSE2__)
    constexpr std::ptrdiff_t step = 16;
    for (int i = 0; i < 4 && end - at >= step; ++i, at += step) {
        const auto text = _mm_loadu_si128(reinterpret_cast<const __m128i*>(at));
        const auto bits = [&](char c) {
            return static_cast<unsigned>(_mm_movemask_epi8(_mm_cmpeq_epi8(text, _mm_set1_epi8(c))));
        };
        const unsigned quotes = bits('"');
        const unsigned escapes = bits('\\');
        if (escapes != 0 && (quotes == 0 || std::countr_zero(escapes) < std::countr_zero(quotes)))
            return nullptr;
        if (quotes != 0) return at + std::countr_zero(quotes) + 1;
    }
#else
    (void)at, (void)end;
#endif
    return nullptr;
}

bool endsScalar(char c) noexcept {
    return c == ',' || c == '}' || c == ']' || c == ' ' || c == '\n' || c == '\r' || c == '\t' ||
           c == '\0';
}

// How many brackets are open, behind one block after the other.
class Depth {
public:
    explicit Depth(std::size_t open) noexcept : open_(open) {}

    // Where in the block the last bracket closes, or blockSize.
    std::size_t pass(const Brackets& brackets) noexcept {
        const auto [open, close] = brackets;
        const auto closing = count(close);
        if (closing < open_) {
            open_ += count(open) - closing;
            return blockSize;
        }
        for (Bits bits = open | close; bits != 0; bits &= bits - 1) {
            const Bits bit = bits & -bits;
            open_ = (open & bit) != 0 ? open_ + 1 : open_ - 1;
            if (open_ == 0) return static_cast<std::size_t>(std::countr_zero(bit));
        }
        return blockSize;
    }

private:
    std::size_t open_;
};

}  // namespace

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
    if (const auto* end = endOfShortString(at_ + 1, end_)) {
        at_ = end;
        return;
    }
    for (const char* from = at_ + 1; from < end_;) {
        const auto* quote =
            static_cast<const char*>(std::memchr(from, '"', static_cast<std::size_t>(end_ - from)));
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

// `open`: how many brackets are.
void JsonCursor::skipContainer(std::size_t open) noexcept {
    BracketScan scan;
    Depth depth(open);
    std::array<char, blockSize> last{};
#if defined(__SSE2__)
    std::array<Brackets, 8> batch{};
    constexpr std::ptrdiff_t batchSize = blockSize * 8;
    bool wide = false;  // most values end in their first block
#endif
    while (at_ < end_) {
#if defined(__SSE2__)
        if (wide && end_ - at_ >= batchSize) {
            scan.next(at_, batch);
            for (const auto& brackets : batch) {
                const auto end = depth.pass(brackets);
                at_ += end < blockSize ? end + 1 : end;
                if (end < blockSize) return;
            }
            continue;
        }
        wide = isWide();
#endif
        const auto left = static_cast<std::size_t>(end_ - at_);
        const char* block = at_;
        if (left < blockSize) {
            std::memcpy(last.data(), at_, left);
            block = last.data();
        }
        if (const auto end = depth.pass(scan.next(block)); end < blockSize) {
            at_ += end + 1;
            return;
        }
        at_ += left < blockSize ? left : blockSize;
    }
    fail();
}

void JsonCursor::leave() noexcept {
    fresh_ = false;
    skipContainer(1);
}

std::string_view JsonCursor::skip() noexcept {
    const char first = peek();
    const char* begin = at_;
    if (first == '{' || first == '[') {
        skipContainer(0);
    } else if (first == '"') {
        skipString();
    } else {
        while (at_ < end_ && !endsScalar(*at_)) ++at_;
        if (at_ == begin) fail();
    }
    if (failed_) return {};
    return {begin, static_cast<std::size_t>(at_ - begin)};
}

std::string JsonCursor::string() {
    const auto raw = skip();
    if (raw.size() < 2 || raw.front() != '"') return {};
    const auto text = raw.substr(1, raw.size() - 2);
    return text.find('\\') == std::string_view::npos ? std::string(text) : unescaped(text);
}

bool JsonCursor::isTrue() noexcept {
    return skip() == "true";
}

}  // namespace driftkeeper
