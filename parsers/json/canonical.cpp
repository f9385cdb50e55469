#include "parsers/json/canonical.hpp"

#include "parsers/json/json.hpp"

namespace driftkeeper {
namespace {

constexpr std::string_view replacement = "\xEF\xBF\xBD";

// Length of the valid UTF-8 sequence (RFC 3629) at `at`, 0 when there is none.
std::size_t sequenceAt(std::string_view text, std::size_t at) noexcept {
    const auto byte = [&](std::size_t i) { return at + i < text.size() ? static_cast<unsigned char>(text[at + i]) : 0U; };
    const auto follows = [&](std::size_t i) { return (byte(i) & 0xC0U) == 0x80U; };
    const unsigned first = byte(0);
    if (first < 0x80) return 1;
    if (first >= 0xC2 && first <= 0xDF) return follows(1) ? 2 : 0;
    if (first >= 0xE0 && first <= 0xEF) {
        const bool overlong = first == 0xE0 && byte(1) < 0xA0;
        const bool surrogate = first == 0xED && byte(1) > 0x9F;
        return follows(1) && follows(2) && !overlong && !surrogate ? 3 : 0;
    }
    if (first >= 0xF0 && first <= 0xF4) {
        const bool overlong = first == 0xF0 && byte(1) < 0x90;
        const bool beyond = first == 0xF4 && byte(1) > 0x8F;
        return follows(1) && follows(2) && follows(3) && !overlong && !beyond ? 4 : 0;
    }
    return 0;
}

void appendString(std::string& out, std::string_view text) {
    constexpr std::string_view hex = "0123456789abcdef";
    out += '"';
    for (std::size_t i = 0; i < text.size();) {
        const char c = text[i];
        if (c == '"' || c == '\\') {
            out += '\\';
            out += c;
            ++i;
        } else if (static_cast<unsigned char>(c) < 0x20) {
            out += "\\u00";
            out += hex[static_cast<unsigned char>(c) >> 4U];
            out += hex[static_cast<unsigned char>(c) & 15U];
            ++i;
        } else if (const auto length = sequenceAt(text, i); length > 0) {
            out += text.substr(i, length);
            i += length;
        } else {
            out += replacement;
            ++i;
        }
    }
    out += '"';
}

void append(std::string& out, const Json& value) {
    switch (value.kind) {
        case Json::Kind::Null:
            out += "null";
            return;
        case Json::Kind::Bool:
        case Json::Kind::Number:
            out += value.text;
            return;
        case Json::Kind::String:
            appendString(out, value.text);
            return;
        case Json::Kind::Array:
        case Json::Kind::Object:
            break;
    }
    out += value.isArray() ? '[' : '{';
    for (std::size_t i = 0; i < value.items.size(); ++i) {
        if (i > 0) out += ',';
        if (value.isObject()) {
            appendString(out, value.keys[i]);
            out += ':';
        }
        append(out, value.items[i]);
    }
    out += value.isArray() ? ']' : '}';
}

}  // namespace

std::string canonicalText(const Json& value) {
    std::string out;
    append(out, value);
    return out;
}

Result<std::string> canonicalJson(std::string_view text) {
    const auto value = JsonReader().read(text);
    if (!value) return std::unexpected(value.error());
    return canonicalText(*value);
}

std::string jsonString(std::string_view text) {
    std::string out;
    appendString(out, text);
    return out;
}

}  // namespace driftkeeper
