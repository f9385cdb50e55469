#include "daemon/web/credentials.hpp"

#include <algorithm>
#include <cctype>
#include <utility>

#include "daemon/web/target.hpp"
#include "parsers/text/ascii.hpp"
#include "parsers/text/encoding.hpp"

namespace driftkeeper {
namespace {

constexpr std::size_t mostFields = 200;

bool isScheme(std::string_view text, std::string_view scheme) {
    return text.size() > scheme.size() && text[scheme.size()] == ' ' &&
           lowered(text.substr(0, scheme.size())) == scheme;
}

bool hasControl(std::string_view text) {
    return std::ranges::any_of(
        text, [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7F; });
}

}  // namespace

std::optional<BasicCredentials> basicFrom(std::string_view authorization) {
    if (!isScheme(authorization, "basic")) return std::nullopt;
    const auto decoded = base64Decoded(trimmed(authorization.substr(6), " "));
    if (!decoded || hasControl(*decoded)) return std::nullopt;
    const auto colon = decoded->find(':');
    if (colon == std::string::npos) return std::nullopt;
    return BasicCredentials{decoded->substr(0, colon), decoded->substr(colon + 1)};
}

std::optional<std::string> bearerFrom(std::string_view authorization) {
    if (!isScheme(authorization, "bearer")) return std::nullopt;
    const auto token = authorization.substr(7);
    if (token.empty()) return std::nullopt;
    return std::string(token);
}

std::optional<std::string> cookieFrom(std::string_view header, std::string_view name) {
    std::optional<std::string> found;
    while (!header.empty()) {
        const auto end = std::min(header.find_first_of(";,"), header.size());
        const auto pair = trimmed(header.substr(0, end), " ");
        header.remove_prefix(std::min(end + 1, header.size()));
        const auto sign = pair.find('=');
        if (sign == std::string_view::npos || pair.substr(0, sign) != name) continue;
        if (found) return std::nullopt;
        found = std::string(pair.substr(sign + 1));
    }
    return found;
}

std::optional<std::map<std::string, std::string>> formFrom(std::string_view body) {
    if (static_cast<std::size_t>(std::ranges::count(body, '&')) >= mostFields) return std::nullopt;
    return parseFields(body);
}

}  // namespace driftkeeper
