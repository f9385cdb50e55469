#include "parsers/text/url_parts.hpp"

#include <algorithm>

namespace driftkeeper {

namespace {

constexpr auto noPosition = std::string_view::npos;

}  // namespace

UrlParts authorityParts(std::string_view text) {
    UrlParts url;
    if (const auto at = text.rfind('@'); at != noPosition) {
        url.hasUser = true;
        url.user = text.substr(0, at);
        text.remove_prefix(at + 1);
    }
    url.authority = text;
    const auto bracket = text.starts_with('[') ? text.find(']') : noPosition;
    if (bracket != noPosition) {
        url.host = text.substr(1, bracket - 1);
        url.port = text.substr(bracket + 1);
        return url;
    }
    const auto colon = std::min(text.find(':'), text.size());
    url.host = text.substr(0, colon);
    url.port = text.substr(colon);
    return url;
}

std::optional<UrlParts> urlParts(std::string_view text) {
    const auto colon = text.find("://");
    if (colon == noPosition) return std::nullopt;
    const auto rest = text.substr(colon + 3);
    const auto authority = rest.substr(0, rest.find_first_of("/?#"));
    auto url = authorityParts(authority);
    url.scheme = text.substr(0, colon);
    url.path = rest.substr(authority.size());
    return url;
}

}  // namespace driftkeeper
