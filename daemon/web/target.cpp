#include "daemon/web/target.hpp"

#include <utility>

#include "parsers/text/encoding.hpp"

namespace driftkeeper {
namespace {

bool isControl(int byte) {
    return byte < 0x20 || byte == 0x7f;
}

bool isLineEnd(int byte) {
    return byte == '\n' || byte == '\r' || byte == '\t';
}

// In fields "+" is a space, and a value may have several lines.
std::optional<std::string> decoded(std::string_view text, bool isField, bool mayHaveLines = false) {
    std::string out;
    for (std::size_t i = 0; i < text.size(); ++i) {
        int byte = static_cast<unsigned char>(text[i]);
        if (byte == '%') {
            if (i + 2 >= text.size()) return std::nullopt;
            const int high = hexDigit(text[i + 1]);
            const int low = hexDigit(text[i + 2]);
            if (high < 0 || low < 0) return std::nullopt;
            byte = high * 16 + low;
            i += 2;
        } else if (byte == '+' && isField) {
            byte = ' ';
        }
        if (isControl(byte) && !(mayHaveLines && isLineEnd(byte))) return std::nullopt;
        out += static_cast<char>(byte);
    }
    return out;
}

// The text up to the next `mark`, which is taken away from the front of `rest` with it.
std::string_view next(std::string_view& rest, char mark) {
    const auto end = rest.find(mark);
    const std::string_view piece = rest.substr(0, end);
    rest.remove_prefix(end == std::string_view::npos ? rest.size() : end + 1);
    return piece;
}

bool readPath(std::string_view path, Target& target) {
    path.remove_prefix(1);
    if (path.empty()) return true;
    for (bool more = true; more;) {
        more = path.find('/') != std::string_view::npos;
        auto segment = decoded(next(path, '/'), false);
        if (!segment) return false;
        target.path.push_back(std::move(*segment));
    }
    return true;
}

bool readFields(std::string_view fields, bool mayHaveLines,
                std::map<std::string, std::string>& values) {
    while (!fields.empty()) {
        std::string_view value = next(fields, '&');
        if (value.empty()) continue;
        const auto name = decoded(next(value, '='), true);
        auto text = decoded(value, true, mayHaveLines);
        if (!name || !text) return false;
        values.insert_or_assign(*name, std::move(*text));
    }
    return true;
}

}  // namespace

std::optional<Target> parseTarget(std::string_view text) {
    if (!text.starts_with('/') || text.find('#') != std::string_view::npos) return std::nullopt;
    const std::string_view path = next(text, '?');
    Target target;
    if (!readPath(path, target) || !readFields(text, false, target.query)) return std::nullopt;
    return target;
}

std::optional<std::map<std::string, std::string>> parseFields(std::string_view text) {
    std::map<std::string, std::string> values;
    if (!readFields(text, true, values)) return std::nullopt;
    return values;
}

}  // namespace driftkeeper
