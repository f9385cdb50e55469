#include "daemon/settings/url.hpp"
#include "parsers/text/ascii.hpp"
#include "parsers/text/url_parts.hpp"

#include <algorithm>
#include <charconv>
#include <string>

namespace driftkeeper {
namespace {

Judgement badUrl(std::string message) {
    return Objection{"bad_url", std::move(message)};
}

bool isUnprintable(char c) noexcept {
    return static_cast<unsigned char>(c) <= 0x20 || c == 0x7F;
}

bool isPort(std::string_view text) noexcept {
    unsigned port = 0;
    const auto* end = text.data() + text.size();
    const auto [stop, error] = std::from_chars(text.data(), end, port);
    return error == std::errc() && stop == end && port > 0 && port < 65536;
}

bool isHost(std::string_view host) noexcept {
    if (host.empty() || host.size() > 253 || host[0] == '-') return false;
    return std::ranges::all_of(host, [](char c) {
        return isLetterOrDigit(c) || c == '.' || c == '-' || c == '_' || c == ':';
    });
}

Judgement judgeAuthority(const UrlParts& url) {
    if (!isHost(url.host)) return badUrl("the URL has no proper host name");
    if (!url.port.empty() && !isPort(url.port.substr(1)))
        return badUrl("the port of the URL is not a number from 1 to 65535");
    if (url.user.find(':') != std::string_view::npos) {
        return Objection{"password_in_url",
                         "the URL holds a password; put it in a file and name that in credentials"};
    }
    if (url.user.starts_with('-')) return badUrl("the user of the URL begins with '-'");
    return std::nullopt;
}

Judgement judgeCharacters(std::string_view text) {
    if (text.empty()) return badUrl("the URL is empty");
    if (text.size() > 4096) return badUrl("the URL is longer than 4096 bytes");
    if (text[0] == '-') return badUrl("the URL begins with '-'");
    if (std::ranges::any_of(text, isUnprintable))
        return badUrl("the URL holds a blank or a control character");
    return std::nullopt;
}

// user@host:path, as ssh writes it.
Judgement judgeScpForm(std::string_view text) {
    const auto colon = text.find(':');
    if (colon == std::string_view::npos || colon + 1 == text.size() || text.find('/') < colon) {
        return badUrl(
            "write it as https://, ssh:// or file:// URL, as user@host:path or as an absolute "
            "path");
    }
    return isHost(authorityParts(text.substr(0, colon)).host)
               ? std::nullopt
               : badUrl("the URL has no proper host name");
}

}  // namespace

bool isLoopback(std::string_view host) noexcept {
    if (host == "localhost" || host == "::1") return true;
    if (!host.starts_with("127.") || host.back() == '.') return false;
    int dots = 0;
    std::string_view rest = host;
    while (!rest.empty()) {
        const auto part = rest.substr(0, rest.find('.'));
        unsigned value = 0;
        const auto [stop, error] = std::from_chars(part.data(), part.data() + part.size(), value);
        if (error != std::errc() || stop != part.data() + part.size() || value > 255) return false;
        rest.remove_prefix(std::min(part.size() + 1, rest.size()));
        ++dots;
    }
    return dots == 4;
}

Judgement judgeRepositoryUrl(std::string_view text) {
    if (!text.empty() && text[0] == '/') return judgeFileName(text);
    if (auto bad = judgeCharacters(text)) return bad;
    const auto parts = urlParts(text);
    if (!parts) return judgeScpForm(text);
    const auto& url = *parts;
    if (url.scheme == "file") {
        return url.host.empty() && url.path.starts_with('/') ? std::nullopt
                                                             : badUrl("write it as file:///path");
    }
    if (url.scheme != "https" && url.scheme != "ssh" && url.scheme != "http") {
        return badUrl("only https, ssh and file URLs and local paths can be read");
    }
    if (auto bad = judgeAuthority(url)) return bad;
    if (url.scheme == "http" && !isLoopback(url.host))
        return badUrl("http is not encrypted; use https or ssh");
    return std::nullopt;
}

Judgement judgeHttpUrl(std::string_view text) {
    if (auto bad = judgeCharacters(text)) return bad;
    if (!text.starts_with("http://") && !text.starts_with("https://"))
        return badUrl("write it as http:// or https:// URL");
    const auto url = urlParts(text).value_or(UrlParts());
    if (auto bad = judgeAuthority(url)) return bad;
    if (url.hasUser) return badUrl("the URL holds a user name, which is not sent");
    return std::nullopt;
}

Judgement judgeMailServer(std::string_view text) {
    if (auto bad = judgeCharacters(text)) return bad;
    const auto url = urlParts(text).value_or(UrlParts());
    if (url.scheme != "smtp" && url.scheme != "smtps")
        return badUrl("write it as smtp://host:587 (STARTTLS) or smtps://host:465");
    if (auto bad = judgeAuthority(url)) return bad;
    if (url.hasUser)
        return badUrl("the URL holds a user name; username and password have keys of their own");
    return url.path.empty() || url.path == "/" ? std::nullopt : badUrl("a mail server has no path");
}

Judgement judgeMailAddress(std::string_view text) {
    const auto at = text.rfind('@');
    const bool isOne = at != std::string_view::npos && at > 0 && isHost(text.substr(at + 1)) &&
                       text.size() <= 254 && std::ranges::none_of(text, isUnprintable) &&
                       text.find_first_of("<>()[],;:\\\"") == std::string_view::npos;
    if (isOne) return std::nullopt;
    return Objection{"bad_address", "write it as name@host, without a display name"};
}

}  // namespace driftkeeper
