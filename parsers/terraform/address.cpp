#include "parsers/terraform/address.hpp"

#include <algorithm>

#include "parsers/json/json_string.hpp"
#include "parsers/text/ascii.hpp"

namespace driftkeeper::terraform {
namespace {

bool isIdentifier(std::string_view text) noexcept {
    return !text.empty() && (isLetter(text.front()) || text.front() == '_') &&
           std::ranges::all_of(
               text, [](char c) { return isLetter(c) || isDigit(c) || c == '_' || c == '-'; });
}

// Length of the [key] at the beginning of `text`, quoted keys may hold brackets.
std::size_t keyLength(std::string_view text) noexcept {
    bool quoted = false;
    for (std::size_t i = 1; i < text.size(); ++i) {
        if (quoted && text[i] == '\\') {
            ++i;
        } else if (text[i] == '"') {
            quoted = !quoted;
        } else if (text[i] == ']' && !quoted) {
            return i + 1;
        }
    }
    return text.size();
}

}  // namespace

std::string withoutKeys(std::string_view address) {
    std::string out;
    out.reserve(address.size());
    for (std::size_t i = 0; i < address.size();) {
        if (address[i] == '[') {
            i += keyLength(address.substr(i));
        } else {
            out += address[i++];
        }
    }
    return out;
}

std::string toText(const AttributePath& path) {
    std::string out;
    for (const auto& step : path) {
        if (step.index) {
            out += '[' + step.text + ']';
        } else if (!isIdentifier(step.text)) {
            out += '[' + jsonString(step.text) + ']';
        } else {
            if (!out.empty()) out += '.';
            out += step.text;
        }
    }
    return out;
}

AttributePath attributePath(std::string_view written) {
    AttributePath path;
    while (!written.empty()) {
        if (written.front() == '.') {
            written.remove_prefix(1);
        } else if (written.front() == '[') {
            const auto length = keyLength(written);
            auto key = written.substr(1, length > 1 ? length - 2 : 0);
            const bool quoted = key.size() >= 2 && key.front() == '"' && key.back() == '"';
            path.push_back(
                {quoted ? unescaped(key.substr(1, key.size() - 2)) : std::string(key), !quoted});
            written.remove_prefix(length);
        } else {
            const auto length = std::min(written.find_first_of(".["), written.size());
            path.push_back({std::string(written.substr(0, length)), false});
            written.remove_prefix(length);
        }
    }
    return path;
}

}  // namespace driftkeeper::terraform
