#include "daemon/settings/url.hpp"

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

// SCHEME://[USER@]HOST[:PORT][/PATH], pointing into its text.
struct Url {
    std::string_view scheme;
    std::string_view user;
    std::string_view host;
    std::string_view port;
    std::string_view path;
    bool hasUser = false;
};

Url split(std::string_view text) {
    Url url;
    const auto colon = text.find("://");
    url.scheme = text.substr(0, colon);
    text.remove_prefix(colon + 3);
    auto authority = text.substr(0, text.find_first_of("/?#"));
    url.path = text.substr(authority.size());
    if (const auto at = authority.rfind('@'); at != std::string_view::npos) {
        url.hasUser = true;
        url.user = authority.substr(0, at);
        authority.remove_prefix(at + 1);
    }
    const auto bracket = authority.starts_with('[') ? authority.find(']') : std::string_view::npos;
    const auto port = authority.find(':', bracket == std::string_view::npos ? 0 : bracket);
    url.host = bracket == std::string_view::npos ? authority.substr(0, port)
                                                 : authority.substr(1, bracket - 1);
    if (port != std::string_view::npos) url.port = authority.substr(port);
    return url;
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
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
               c == '.' || c == '-' || c == '_' || c == ':';
    });
}

Judgement judgeAuthority(const Url& url) {
    if (!isHost(url.host)) return badUrl("the URL has no proper host name");
    if (!url.port.empty() && !isPort(url.port.substr(1)))
        return badUrl("the port of the URL is none (1 to 65535)");
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
    const auto authority = text.substr(0, colon);
    const auto at = authority.rfind('@');
    return isHost(authority.substr(at == std::string_view::npos ? 0 : at + 1))
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

std::string withoutUser(std::string_view text) {
    if (text.find("://") == std::string_view::npos) return std::string(text);
    const auto url = split(text);
    std::string out(url.scheme);
    out += "://";
    const bool plainUser = url.scheme == "ssh" && url.user.find(':') == std::string_view::npos;
    if (url.hasUser) out += plainUser ? std::string(url.user) + "@" : "<hidden>@";
    const auto host = text.find(url.hasUser ? "@" : "://") + (url.hasUser ? 1 : 3);
    const auto authority = text.size() - url.path.size();
    if (url.hasUser) {
        out +=
            text.substr(text.rfind('@', authority) + 1, authority - text.rfind('@', authority) - 1);
    } else {
        out += text.substr(host, authority - host);
    }
    const auto query = url.path.find('?');
    out += url.path.substr(0, query);
    return query == std::string_view::npos ? out : out + "?<hidden>";
}

Judgement judgeRepositoryUrl(std::string_view text) {
    if (!text.empty() && text[0] == '/') return judgeFileName(text);
    if (auto bad = judgeCharacters(text)) return bad;
    if (text.find("://") == std::string_view::npos) return judgeScpForm(text);
    const auto url = split(text);
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
    const auto url = split(text);
    if (auto bad = judgeAuthority(url)) return bad;
    if (url.hasUser) return badUrl("the URL holds a user name, which is not sent");
    return std::nullopt;
}

Judgement judgeMailServer(std::string_view text) {
    if (auto bad = judgeCharacters(text)) return bad;
    const auto url = split(text);
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
