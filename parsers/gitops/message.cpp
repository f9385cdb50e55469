#include "parsers/gitops/message.hpp"

#include <algorithm>
#include <array>

#include "parsers/json/secrets.hpp"
#include "parsers/text/secret_names.hpp"
#include "parsers/text/url_secrets.hpp"

namespace driftkeeper::gitops {
namespace {

constexpr std::size_t longest = 200;
constexpr std::string_view dots = "…";
constexpr std::array<std::string_view, 12> valuesBegin = {
    "{",     "map[",        "-----BEGIN", "value:", "values:", "Value:",
    "data:", "stringData:", "Bearer ",    "Basic ", "diff:",   "|-"};

bool isBlank(char c) noexcept {
    return c == ' ' || c == '\t';
}

std::string_view firstLine(std::string_view text) {
    const auto begin = text.find_first_not_of(" \t\r\n");
    if (begin == std::string_view::npos) return {};
    text.remove_prefix(begin);
    return text.substr(0, text.find_first_of("\r\n"));
}

// Where something that looks secret is named and given: password=…, "token": …
bool namesSecret(std::string_view word) {
    const auto at = word.find_first_of("=:");
    return at != std::string_view::npos && !word.substr(at).starts_with("://") &&
           looksSecret(word.substr(0, at));
}

// A long word of upper and lower case letters and digits, as keys and tokens are; no path, no name
// with dots or dashes.
bool looksRandom(std::string_view word) {
    if (word.size() < 16) return false;
    const auto has = [&](char first, char last) {
        return std::ranges::any_of(word, [&](char c) { return c >= first && c <= last; });
    };
    const bool plain = word.find_first_of("./-:@") == std::string_view::npos;
    return word.size() >= 48 ? plain && has('0', '9') && has('A', 'Z')
                             : plain && has('0', '9') && has('A', 'Z') && has('a', 'z');
}

std::string shownWord(std::string_view word) {
    if (word.find("://") != std::string_view::npos) return withoutUrlSecrets(word, "");
    return looksRandom(word) ? std::string(dots) : std::string(word);
}

std::string_view untilValues(std::string_view line) {
    for (const auto mark : valuesBegin) line = line.substr(0, line.find(mark));
    return line;
}

std::string bounded(std::string text) {
    if (text.size() <= longest) return text;
    std::size_t end = longest;
    while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0U) == 0x80U) --end;
    return text.substr(0, end) + std::string(dots);
}

}  // namespace

std::string summaryOf(std::string_view message) {
    const auto line = firstLine(message);
    const auto safe = untilValues(line);
    bool cut = safe.size() < line.size();
    std::string result;
    for (std::size_t at = 0; at < safe.size();) {
        if (isBlank(safe[at])) {
            result += ' ';
            ++at;
            continue;
        }
        const auto word = safe.substr(at, safe.find_first_of(" \t", at) - at);
        if (namesSecret(word)) {
            cut = true;
            break;
        }
        result += shownWord(word);
        at += word.size();
    }
    result = withoutSecrets(result, stars());
    return bounded(cut ? result + std::string(dots) : result);
}

}  // namespace driftkeeper::gitops
