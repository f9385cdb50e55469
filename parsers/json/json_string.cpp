#include "parsers/json/json_string.hpp"

#include <algorithm>
#include <optional>

#include "parsers/text/ascii.hpp"
#include "parsers/text/utf8.hpp"

namespace driftkeeper {
namespace {

constexpr char32_t unknown = 0xFFFD;

bool isControl(char c) noexcept {
    return static_cast<unsigned char>(c) < 0x20;
}

std::string controlEscape(char c) {
    constexpr std::string_view hex = "0123456789abcdef";
    const auto byte = static_cast<unsigned char>(c);
    return {'\\', 'u', '0', '0', hex[byte >> 4U], hex[byte & 15U]};
}

std::string shortControlEscape(char c) {
    switch (c) {
        case '\b':
            return "\\b";
        case '\f':
            return "\\f";
        case '\n':
            return "\\n";
        case '\r':
            return "\\r";
        case '\t':
            return "\\t";
        default:
            return controlEscape(c);
    }
}

std::string quoted(std::string_view text, std::string (*escape)(char control)) {
    std::string out = "\"";
    while (!text.empty()) {
        const char c = text.front();
        auto length = utf8Length(text);
        if (c == '"' || c == '\\') {
            out += '\\';
            out += c;
        } else if (isControl(c)) {
            out += escape(c);
        } else if (length > 0) {
            out += text.substr(0, length);
        } else {
            appendUtf8(out, unknown);
            length = 1;
        }
        text.remove_prefix(length);
    }
    return out += '"';
}

std::optional<char32_t> hex4(std::string_view raw) noexcept {
    if (raw.size() < 4) return std::nullopt;
    char32_t value = 0;
    for (const char c : raw.substr(0, 4)) {
        value *= 16;
        const char lower = static_cast<char>(c | 0x20);
        if (isDigit(c)) {
            value += static_cast<char32_t>(c - '0');
        } else if (lower >= 'a' && lower <= 'f') {
            value += static_cast<char32_t>(lower - 'a') + 10;
        } else {
            return std::nullopt;
        }
    }
    return value;
}

// What a \u escape stands for, and how many characters of the text behind `\u` it took.
struct Code {
    char32_t value = unknown;
    std::size_t length = 0;
    bool isWhole = false;
};

Code codeAt(std::string_view raw) noexcept {
    const auto code = hex4(raw);
    if (!code) return {};
    if (*code < 0xD800 || *code > 0xDFFF) return {*code, 4, true};
    const auto low = raw.substr(4).starts_with("\\u") ? hex4(raw.substr(6)) : std::nullopt;
    if (*code > 0xDBFF || !low || *low < 0xDC00 || *low > 0xDFFF) return {unknown, 4, false};
    return {0x10000 + ((*code - 0xD800) << 10U) + (*low - 0xDC00), 10, true};
}

// What stands for `c` behind a backslash, other than u.
std::optional<char> shortEscape(char c) noexcept {
    switch (c) {
        case '"':
        case '\\':
        case '/':
            return c;
        case 'b':
            return '\b';
        case 'f':
            return '\f';
        case 'n':
            return '\n';
        case 'r':
            return '\r';
        case 't':
            return '\t';
        default:
            return std::nullopt;
    }
}

// Resolves the escapes and leaves everything else as it is; false when one was broken.
bool resolveEscapes(std::string_view raw, std::string& out) {
    bool good = true;
    out.reserve(raw.size());
    for (;;) {
        const auto plain = std::min(raw.find('\\'), raw.size());
        out += raw.substr(0, plain);
        raw.remove_prefix(plain);
        if (raw.empty()) return good;
        if (raw.size() == 1) {
            out += '\\';
            return false;
        }
        const char c = raw[1];
        raw.remove_prefix(2);
        if (c == 'u') {
            const auto code = codeAt(raw);
            appendUtf8(out, code.value);
            raw.remove_prefix(code.length);
            good = good && code.isWhole;
        } else {
            const auto resolved = shortEscape(c);
            out += resolved.value_or(c);
            good = good && resolved.has_value();
        }
    }
}

}  // namespace

std::string jsonString(std::string_view text) {
    return quoted(text, controlEscape);
}

std::string usualJsonString(std::string_view text) {
    return quoted(text, shortControlEscape);
}

std::string unescaped(std::string_view raw) {
    std::string out;
    resolveEscapes(raw, out);
    return out;
}

bool unescape(std::string_view raw, std::string& out) {
    out.clear();
    bool isPlain = true;
    for (const char c : raw) {
        if (isControl(c)) return false;
        isPlain = isPlain && c != '\\' && static_cast<unsigned char>(c) < 0x80;
    }
    if (isPlain) out = raw;
    return isPlain || (isUtf8(raw) && resolveEscapes(raw, out));
}

}  // namespace driftkeeper
