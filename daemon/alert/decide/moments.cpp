#include "daemon/alert/decide/moments.hpp"

#include <cstddef>

#include "parsers/text/ascii.hpp"

namespace driftkeeper {
namespace {

bool isHex(char letter) noexcept {
    return isDigit(letter) || (letter >= 'a' && letter <= 'f') || (letter >= 'A' && letter <= 'F');
}

// How many characters at the front look like the pattern: d a digit, x a hexadecimal digit, T the
// letter or a blank, all else itself. 0: they do not.
std::size_t matches(std::string_view text, std::string_view pattern) {
    if (text.size() < pattern.size()) return 0;
    for (std::size_t i = 0; i < pattern.size(); ++i) {
        const char letter = text[i];
        bool fits = letter == pattern[i];
        if (pattern[i] == 'd') fits = isDigit(letter);
        if (pattern[i] == 'x') fits = isHex(letter);
        if (pattern[i] == 'T') fits = letter == 'T' || letter == 't' || letter == ' ';
        if (!fits) return 0;
    }
    return pattern.size();
}

std::size_t digitsAt(std::string_view text) {
    std::size_t count = 0;
    while (count < text.size() && isDigit(text[count])) ++count;
    return count;
}

// The length of a date, with its time and zone where they follow; 0: there is none.
std::size_t dateAt(std::string_view text) {
    std::size_t length = matches(text, "dddd-dd-dd");
    if (length == 0) return 0;
    if (const auto clock = matches(text.substr(length), "Tdd:dd"); clock != 0) {
        length += clock;
        length += matches(text.substr(length), ":dd");
        if (length + 1 < text.size() && text[length] == '.' && isDigit(text[length + 1]))
            length += 1 + digitsAt(text.substr(length + 1));
        if (length < text.size() && (text[length] == 'Z' || text[length] == 'z')) return length + 1;
        for (const char* zone : {"+dd:dd", "-dd:dd", "+dddd", "-dddd"})
            if (const auto found = matches(text.substr(length), zone); found != 0)
                return length + found;
    }
    return length;
}

// Seconds or milliseconds since 1970, from 2001 to 2286; 0: another number.
std::size_t countedTimeAt(std::string_view text) {
    constexpr std::size_t seconds = 10;
    constexpr std::size_t milliseconds = 13;
    const std::size_t digits = digitsAt(text);
    const bool isTime = (digits == seconds || digits == milliseconds) && text[0] != '0';
    return isTime ? digits : 0;
}

}  // namespace

std::string withoutMoments(std::string_view text) {
    std::string result;
    while (!text.empty()) {
        const bool isInWord = !result.empty() && isHex(result.back());
        std::size_t length = 0;
        std::string_view word = "TIME";
        if (!isInWord) {
            length = matches(text, "xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx");
            if (length != 0)
                word = "UUID";
            else if (length = dateAt(text); length == 0)
                length = countedTimeAt(text);
        }
        if (length == 0) {
            result += text.front();
            text.remove_prefix(1);
            continue;
        }
        result += word;
        text.remove_prefix(length);
    }
    return result;
}

}  // namespace driftkeeper
