#include "parsers/text/secret_shapes.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>

#include "parsers/text/ascii.hpp"

namespace driftkeeper {
namespace secret_shapes {
namespace {

constexpr auto none = std::string_view::npos;

// Which characters go on with a key.
enum class Letters { Alphanumeric, WithDashes, WithDots, UpperCase };

struct Prefix {
    std::string_view text;
    std::size_t least;  // characters behind it: fewer are a word, not a key
    Letters letters = Letters::WithDashes;
};

constexpr std::array prefixes{
    Prefix{"ghp_", 6},
    Prefix{"gho_", 6},
    Prefix{"ghu_", 6},
    Prefix{"ghs_", 6},
    Prefix{"ghr_", 6},
    Prefix{"github_pat_", 6},
    Prefix{"glpat-", 6, Letters::WithDots},
    Prefix{"gldt-", 12, Letters::WithDots},
    Prefix{"glrt-", 12, Letters::WithDots},
    Prefix{"glptt-", 12, Letters::WithDots},
    Prefix{"glsoat-", 12, Letters::WithDots},
    Prefix{"AKIA", 12, Letters::UpperCase},
    Prefix{"ASIA", 12, Letters::UpperCase},
    Prefix{"xoxa-", 6},
    Prefix{"xoxb-", 6},
    Prefix{"xoxc-", 6},
    Prefix{"xoxd-", 6},
    Prefix{"xoxe-", 6},
    Prefix{"xoxe.", 6, Letters::WithDots},
    Prefix{"xoxp-", 6},
    Prefix{"xoxr-", 6},
    Prefix{"xoxs-", 6},
    Prefix{"xapp-", 6},
    Prefix{"sk_live_", 6},
    Prefix{"sk_test_", 6},
    Prefix{"rk_live_", 6},
    Prefix{"rk_test_", 6},
    Prefix{"whsec_", 12},
    Prefix{"sk-", 20},
    Prefix{"AIza", 16},
    Prefix{"ya29.", 10, Letters::WithDots},
    Prefix{"GOCSPX-", 10},
    Prefix{"npm_", 16, Letters::Alphanumeric},
    Prefix{"pypi-", 20},
    Prefix{"rubygems_", 16},
    Prefix{"dckr_pat_", 6},
    Prefix{"hf_", 20, Letters::Alphanumeric},
    Prefix{"SG.", 10, Letters::WithDots},
    Prefix{"dop_v1_", 6},
    Prefix{"doo_v1_", 6},
    Prefix{"dor_v1_", 6},
    Prefix{"hvs.", 6},
    Prefix{"hvb.", 6},
    Prefix{"hvr.", 6},
    Prefix{"AGE-SECRET-KEY-", 6},
    Prefix{"AGE-PLUGIN-", 6},
    Prefix{"age1", 30, Letters::Alphanumeric},
    Prefix{"glsa_", 12},
    Prefix{"glc_", 16},
    Prefix{"shpat_", 10},
    Prefix{"lin_api_", 10},
    Prefix{"pul-", 20},
    Prefix{"NRAK-", 10},
    Prefix{"dapi", 32, Letters::Alphanumeric},
    Prefix{"tskey-", 10},
    Prefix{"sntrys_", 10},
    Prefix{"ATATT3", 20},
    Prefix{"PMAK-", 16},
    Prefix{"pscale_tkn_", 10},
};

constexpr bool goesOn(char c, Letters letters) noexcept {
    if (letters == Letters::UpperCase) return isDigit(c) || (c >= 'A' && c <= 'Z');
    if (isLetterOrDigit(c)) return true;
    if (letters == Letters::Alphanumeric) return false;
    return c == '_' || c == '-' || (letters == Letters::WithDots && c == '.');
}

// For each letter the prefixes that begin with it, a bit each: most words of a text have none.
constexpr std::array<std::uint64_t, 256> prefixesByLetter() {
    static_assert(prefixes.size() <= 64);
    std::array<std::uint64_t, 256> table{};
    for (std::size_t i = 0; i < prefixes.size(); ++i)
        table[static_cast<unsigned char>(prefixes[i].text[0])] |= std::uint64_t{1} << i;
    return table;
}
constexpr auto byLetter = prefixesByLetter();

bool mayBegin(char c) noexcept {
    return byLetter[static_cast<unsigned char>(c)] != 0 || c == 'e' || c == 'B' || c == 'b' ||
           c == '-';
}

std::size_t runOf(std::string_view text, Letters letters) {
    const auto end = std::ranges::find_if(text, [&](char c) { return !goesOn(c, letters); });
    return static_cast<std::size_t>(end - text.begin());
}

// The length of what begins the text; 0: nothing secret.
std::size_t keyLength(std::string_view text) {
    auto candidates = byLetter[static_cast<unsigned char>(text.front())];
    for (; candidates != 0; candidates &= candidates - 1) {
        const auto& prefix = prefixes[static_cast<std::size_t>(std::countr_zero(candidates))];
        if (!text.starts_with(prefix.text)) continue;
        auto length = runOf(text.substr(prefix.text.size()), prefix.letters);
        // A full stop behind it ends a sentence.
        while (length > 0 && text[prefix.text.size() + length - 1] == '.') --length;
        if (length >= prefix.least) return prefix.text.size() + length;
    }
    return 0;
}

// eyJ… . … . …
std::size_t webTokenLength(std::string_view text) {
    if (!text.starts_with("eyJ")) return 0;
    std::size_t length = 0;
    for (int part = 0; part < 3; ++part) {
        const auto run = runOf(text.substr(length), Letters::WithDashes);
        if (run < 4 && part < 2) return 0;
        length += run;
        if (part == 2) break;
        if (length >= text.size() || text[length] != '.') return 0;
        ++length;
    }
    return length;
}

struct Span {
    std::size_t begin = 0;
    std::size_t length = 0;
};

bool isBlank(char c) noexcept {
    return c == ' ' || c == '\t';
}

// Words of English follow, too: "Bearer authentication".
bool looksLikeKey(std::string_view word) {
    const auto isPlain = [](char c) { return isLetter(c); };
    return word.size() >= 6 && (word.size() >= 24 || !std::ranges::all_of(word, isPlain));
}

bool startsWith(std::string_view text, std::string_view word) {
    return text.size() >= word.size() &&
           std::ranges::equal(
               text.substr(0, word.size()), word, {}, [](char c) { return lowered(c); },
               [](char c) { return lowered(c); });
}

// What follows Bearer or Basic.
Span schemeSpan(std::string_view text) {
    for (const std::string_view scheme : {"Bearer", "Basic"}) {
        if (!startsWith(text, scheme)) continue;
        auto begin = scheme.size();
        while (begin < text.size() && isBlank(text[begin])) ++begin;
        if (begin == scheme.size()) return {};
        if (begin < text.size() && text[begin] == '=') return {};
        auto end = begin;
        while (end < text.size() &&
               (isLetterOrDigit(text[end]) || std::string_view("-._~+/=").find(text[end]) != none))
            ++end;
        while (end > begin && text[end - 1] == '.') --end;
        const auto word = text.substr(begin, end - begin);
        if (looksLikeKey(word)) return {begin, word.size()};
    }
    return {};
}

// Of the words of an armour's line and the dashes behind them; 0: they are none.
std::size_t armourTitleLength(std::string_view text) {
    const auto end = text.substr(0, 60).find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789 ");
    return end != none && text.substr(end).starts_with("-----") ? end + 5 : 0;
}

// A private key with its armour; without an end: all that is left.
std::size_t pemLength(std::string_view text) {
    constexpr std::string_view begin = "-----BEGIN ";
    constexpr std::string_view end = "-----END ";
    if (!text.starts_with(begin)) return 0;
    const auto title = text.substr(begin.size(), armourTitleLength(text.substr(begin.size())));
    if (title.find("PRIVATE KEY") == none) return 0;
    for (auto last = text.find(end, begin.size()); last != none; last = text.find(end, last + 1))
        if (const auto length = armourTitleLength(text.substr(last + end.size())))
            return last + end.size() + length;
    return text.size();
}

Span secretAt(std::string_view text) {
    if (const auto length = pemLength(text)) return {0, length};
    if (const auto length = webTokenLength(text)) return {0, length};
    if (const auto length = keyLength(text)) return {0, length};
    return schemeSpan(text);
}

// The secret of an AWS key: 40 characters of Base64, some of each kind.
std::size_t awsSecretLength(std::string_view text) {
    const auto isBase64 = [](char c) { return isLetterOrDigit(c) || c == '/' || c == '+'; };
    const auto end = std::ranges::find_if_not(text, isBase64);
    if (end - text.begin() != 40) return 0;
    const auto word = text.substr(0, 40);
    const auto isUpper = [](char c) { return c >= 'A' && c <= 'Z'; };
    const auto isLower = [](char c) { return c >= 'a' && c <= 'z'; };
    return std::ranges::any_of(word, isUpper) && std::ranges::any_of(word, isLower) ? 40 : 0;
}

std::string withoutAwsSecrets(std::string_view text, const SecretMask& mask) {
    const auto isBase64 = [](char c) { return isLetterOrDigit(c) || c == '/' || c == '+'; };
    std::string out;
    for (std::size_t at = 0; at < text.size();) {
        const auto rest = text.substr(at);
        if (const auto length = awsSecretLength(rest)) {
            out += mask(rest.substr(0, length));
            at += length;
        }
        const auto word = std::ranges::find_if_not(text.substr(at), isBase64);
        auto end = static_cast<std::size_t>(word - text.substr(at).begin()) + at;
        end = std::min(end + 1, text.size());
        out += text.substr(at, end - at);
        at = end;
    }
    return out;
}

}  // namespace
}  // namespace secret_shapes

bool isMasked(std::string_view text) noexcept {
    constexpr std::string_view tag = "hmac:";
    if (text == "***") return true;
    if (text.size() != tag.size() + 16 || !text.starts_with(tag)) return false;
    return std::ranges::all_of(text.substr(tag.size()),
                               [](char c) { return isDigit(c) || (c >= 'a' && c <= 'f'); });
}

const SecretMask& stars() {
    static const SecretMask mask = [](std::string_view) { return std::string("***"); };
    return mask;
}

std::string withoutSecretShapes(std::string_view text, const SecretMask& mask) {
    using namespace secret_shapes;
    std::string out;
    bool holdsAwsKey = false;
    bool isInWord = false;  // what looks like a key in the middle of a word is none
    std::size_t written = 0;
    for (std::size_t at = 0; at < text.size();) {
        const char c = text[at];
        const bool mayStart = mayBegin(c) && (!isInWord || c == '-');
        const auto span = mayStart ? secretAt(text.substr(at)) : Span();
        if (span.length == 0) {
            isInWord = isLetterOrDigit(c);
            ++at;
            continue;
        }
        const auto secret = text.substr(at + span.begin, span.length);
        holdsAwsKey = holdsAwsKey || secret.starts_with("AKIA") || secret.starts_with("ASIA");
        at += span.begin;
        out += text.substr(written, at - written);
        out += mask(secret);
        written = at += span.length;
        isInWord = false;
    }
    out += text.substr(written);
    return holdsAwsKey ? withoutAwsSecrets(out, mask) : out;
}

}  // namespace driftkeeper
