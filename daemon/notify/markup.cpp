#include "daemon/notify/markup.hpp"

#include "daemon/notify/wording.hpp"

namespace driftkeeper {
namespace {

std::string_view asItIs(char) {
    return {};
}

std::string_view htmlEscape(char c) {
    switch (c) {
        case '&':
            return "&amp;";
        case '<':
            return "&lt;";
        case '>':
            return "&gt;";
        case '"':
            return "&quot;";
        default:
            return {};
    }
}

std::string_view mrkdwnEscape(char c) {
    return c == '"' ? std::string_view() : htmlEscape(c);
}

// A backtick cannot be escaped in a code span.
std::string_view mrkdwnCodeEscape(char c) {
    return c == '`' ? "ˋ" : mrkdwnEscape(c);
}

std::string_view markdownCodeEscape(char c) {
    return c == '`' ? std::string_view("ˋ") : std::string_view();
}

// A zero-width space breaks what a backslash does not: mentions and references.
std::string_view markdownEscape(char c) {
    switch (c) {
        case '@':
            return "@\u200b";
        case '#':
            return "#\u200b";
        case ':':
            return ":\u200b";
        case '\\':
            return "\\\\";
        case '`':
            return "\\`";
        case '*':
            return "\\*";
        case '_':
            return "\\_";
        case '~':
            return "\\~";
        case '|':
            return "\\|";
        case '[':
            return "\\[";
        case ']':
            return "\\]";
        case '(':
            return "\\(";
        case ')':
            return "\\)";
        case '<':
            return "\\<";
        case '>':
            return "\\>";
        case '!':
            return "\\!";
        case '-':
            return "\\-";
        case '+':
            return "\\+";
        case '=':
            return "\\=";
        default:
            return {};
    }
}

std::string around(std::string_view mark, const std::string& inside, std::string_view end) {
    return inside.empty() ? std::string() : std::string(mark) + inside + std::string(end);
}

std::string plain(std::string_view text, std::size_t bytes) {
    return escapedLine(text, bytes, asItIs);
}

std::string mrkdwnText(std::string_view text, std::size_t bytes) {
    return escapedLine(text, bytes, mrkdwnEscape);
}

// An empty span would be two bare marks.
std::string codeSpan(const std::string& inside) {
    return inside.empty() ? "` `" : "`" + inside + "`";
}

std::string mrkdwnCode(std::string_view text, std::size_t bytes) {
    return codeSpan(escapedLine(text, bytes - 2, mrkdwnCodeEscape));
}

std::string mrkdwnStrong(std::string_view text, std::size_t bytes) {
    return around("*", escapedLine(text, bytes - 2, mrkdwnEscape), "*");
}

// At the start of a line "/close" is a command of GitLab's.
std::string markdownText(std::string_view text, std::size_t bytes) {
    if (text.starts_with('/')) return "\\" + escapedLine(text, bytes - 1, markdownEscape);
    return escapedLine(text, bytes, markdownEscape);
}

std::string markdownCode(std::string_view text, std::size_t bytes) {
    return codeSpan(escapedLine(text, bytes - 2, markdownCodeEscape));
}

std::string markdownStrong(std::string_view text, std::size_t bytes) {
    return around("**", escapedLine(text, bytes - 4, markdownEscape), "**");
}

std::string htmlText(std::string_view text, std::size_t bytes) {
    return escapedLine(text, bytes, htmlEscape);
}

std::string htmlCode(std::string_view text, std::size_t bytes) {
    constexpr std::size_t tags = 13;
    return around("<code>", escapedLine(text, bytes - tags, htmlEscape), "</code>");
}

std::string htmlStrong(std::string_view text, std::size_t bytes) {
    constexpr std::size_t tags = 7;
    return around("<b>", escapedLine(text, bytes - tags, htmlEscape), "</b>");
}

std::string bareLink(const std::string& url) {
    return url;
}

std::string bracketedLink(const std::string& url) {
    return "<" + url + ">";
}

std::string mrkdwnLink(const std::string& url) {
    return "<" + mrkdwnText(url, 6 * url.size()) + ">";
}

std::string htmlLink(const std::string& url) {
    const std::string set = htmlText(url, 6 * url.size());
    return "<a href=\"" + set + "\">" + set + "</a>";
}

}  // namespace

const Markup plainMarkup{plain, plain, plain, bareLink};
const Markup mrkdwnMarkup{mrkdwnText, mrkdwnCode, mrkdwnStrong, mrkdwnLink};
const Markup markdownMarkup{markdownText, markdownCode, markdownStrong, bracketedLink};
const Markup htmlMarkup{htmlText, htmlCode, htmlStrong, htmlLink};

std::string escapedLine(std::string_view text, std::size_t bytes,
                        std::string_view (*escape)(char)) {
    constexpr std::string_view ellipsis = "…";
    std::string out;
    std::size_t cut = 0;  // the longest end of a character that leaves room for the ellipsis
    for (const char c : oneLine(text, bytes)) {
        const bool startsCharacter = (static_cast<unsigned char>(c) & 0xC0) != 0x80;
        if (startsCharacter && out.size() + ellipsis.size() <= bytes) cut = out.size();
        const std::string_view escaped = escape(c);
        if (escaped.empty())
            out += c;
        else
            out += escaped;
        if (out.size() > bytes) return out.substr(0, cut).append(ellipsis);
    }
    return out;
}

}  // namespace driftkeeper
