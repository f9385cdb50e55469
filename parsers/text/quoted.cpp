#include "parsers/text/quoted.hpp"

namespace driftkeeper {

std::string_view openingQuote(std::string_view text) {
    const auto slashes = text.find_first_not_of('\\');
    if (slashes == std::string_view::npos || !isQuote(text[slashes])) return {};
    return text.substr(0, slashes + 1);
}

// One more level of quoting doubles the backslashes and adds one, so a closing quote differs from
// one inside by their number.
std::size_t closingQuote(std::string_view text, std::string_view quote) {
    const auto slashes = quote.size() - 1;
    const char sign = quote.back();
    std::size_t run = 0;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] == '\\') {
            ++run;
            continue;
        }
        const bool isEnd = sign == '"' ? run % (2 * slashes + 2) == slashes : run >= slashes;
        if (text[i] == sign && isEnd) return i - slashes;
        run = 0;
    }
    return std::string_view::npos;
}

std::size_t bracketLength(std::string_view text) {
    std::size_t depth = 0;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (const auto quote = openingQuote(text.substr(i, 8)); !quote.empty()) {
            const auto end = closingQuote(text.substr(i + quote.size()), quote);
            if (end == std::string_view::npos) return text.size();
            i += quote.size() + end + quote.size() - 1;
        } else if (text[i] == '[' || text[i] == '{') {
            ++depth;
        } else if ((text[i] == ']' || text[i] == '}') && --depth == 0) {
            return i + 1;
        }
    }
    return text.size();
}

}  // namespace driftkeeper
