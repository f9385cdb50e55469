#include "daemon/git/remote_url.hpp"

#include <git2.h>

#include <algorithm>
#include <charconv>
#include <optional>

#include "parsers/text/ascii.hpp"
#include "parsers/text/encoding.hpp"
#include "parsers/text/url_parts.hpp"
#include "parsers/text/url_secrets.hpp"

namespace driftkeeper {

namespace {

bool isControl(char c) {
    return static_cast<unsigned char>(c) < 0x20 || c == 0x7f;
}

std::unexpected<Error> badUrl(std::string why) {
    return failure(Remedy::FixSetup, "git_url", "the repository's url " + std::move(why));
}

// nullopt also for control characters.
std::optional<std::string> decodedPart(std::string_view text) {
    auto out = percentDecoded(text);
    return out && std::ranges::none_of(*out, isControl) ? out : std::nullopt;
}

bool isHostName(std::string_view host) {
    return !host.empty() && host.front() != '-' && std::ranges::all_of(host, [](char c) {
        return isLetterOrDigit(c) || c == '-' || c == '.' || c == '_' || c == ':';
    });
}

bool isLoopback(std::string_view host) {
    return host == "localhost" || host == "::1" || host.starts_with("127.");
}

std::string hostText(const RemoteUrl& url, std::uint16_t usualPort) {
    std::string text = url.host.find(':') == std::string::npos ? url.host : "[" + url.host + "]";
    if (url.port != usualPort) text += ":" + std::to_string(url.port);
    return text;
}

Result<RemoteUrl> filePath(std::string_view path) {
    if (!path.starts_with('/')) return badUrl("must be an absolute path");
    RemoteUrl url;
    url.path = path;
    url.text = path;
    url.shown = scrubbed(path);
    return url;
}

// [user[:password]@]host[:port]
Result<RemoteUrl> authority(std::string_view text, RemoteUrl::Scheme scheme,
                            std::uint16_t usualPort) {
    RemoteUrl url;
    url.scheme = scheme;
    url.port = usualPort;
    const auto parts = authorityParts(text);
    if (parts.hasUser) {
        if (parts.user.find(':') != std::string_view::npos)
            return badUrl("must not hold a password: use credentials.password_file");
        const auto decoded = decodedPart(parts.user);
        if (!decoded || decoded->starts_with('-')) return badUrl("has a bad user part");
        url.user = *decoded;
    }
    url.host = parts.host;
    const auto port = parts.port;
    if (!isHostName(url.host)) return badUrl("has a bad host");
    if (!port.empty() && port != ":") {
        const auto [end, error] =
            std::from_chars(port.data() + 1, port.data() + port.size(), url.port);
        if (port.front() != ':' || error != std::errc{} || end != port.data() + port.size() ||
            url.port == 0)
            return badUrl("has a bad port");
    }
    return url;
}

Result<RemoteUrl> webUrl(std::string_view rest, RemoteUrl::Scheme scheme) {
    const bool secure = scheme == RemoteUrl::Scheme::Https;
    const std::uint16_t usualPort = secure ? 443 : 80;
    const auto slash = rest.find('/');
    auto url = authority(rest.substr(0, slash), scheme, usualPort);
    if (!url) return url;
    if (!secure && !isLoopback(url->host))
        return badUrl("must use https: plain http is only for this host");
    url->path = slash == std::string_view::npos ? "/" : rest.substr(slash);
    const std::string start = (secure ? "https://" : "http://") + hostText(*url, usualPort);
    url->text = start + url->path;
    url->shown = scrubbed(start + url->path.substr(0, url->path.find_first_of("?#")));
    return url;
}

Result<RemoteUrl> sshUrl(std::string_view where, std::string_view path) {
    auto url = authority(where, RemoteUrl::Scheme::Ssh, 22);
    if (!url) return url;
    const auto decoded = decodedPart(path);
    if (!decoded || decoded->empty() || decoded->starts_with('-')) return badUrl("has a bad path");
    // ssh://host/~user/repo means the server's ~user, as git has it.
    url->path = decoded->starts_with("/~") ? decoded->substr(1) : *decoded;
    if (url->path.starts_with('-')) return badUrl("has a bad path");
    url->text =
        "ssh://" + hostText(*url, 22) + (path.starts_with('/') ? "" : "/") + std::string(path);
    url->shown = scrubbed(url->text);
    return url;
}

}  // namespace

Result<RemoteUrl> parseRemoteUrl(std::string_view url) {
    if (url.empty()) return badUrl("is empty");
    if (url.front() == '-') return badUrl("begins with '-'");
    if (url.size() > 2000) return badUrl("is too long");
    if (std::ranges::any_of(url, isControl)) return badUrl("holds control characters");
    if (url.front() == '/') return filePath(url);
    const auto mark = url.find("://");
    if (mark != std::string_view::npos) {
        const auto scheme = url.substr(0, mark);
        const auto rest = url.substr(mark + 3);
        if (scheme == "https") return webUrl(rest, RemoteUrl::Scheme::Https);
        if (scheme == "http") return webUrl(rest, RemoteUrl::Scheme::Http);
        if (scheme == "ssh") {
            const auto slash = rest.find('/');
            if (slash == std::string_view::npos) return badUrl("has no path");
            return sshUrl(rest.substr(0, slash), rest.substr(slash));
        }
        if (scheme == "file") {
            const auto path = decodedPart(rest.starts_with("localhost/") ? rest.substr(9) : rest);
            return path ? filePath(*path) : badUrl("has a bad path");
        }
        return badUrl("has an unknown scheme: https, ssh, file or an absolute path are possible");
    }
    // git@host:path, and git@[host]:path
    const auto at = url.find('@');
    const auto host = at == std::string_view::npos ? 0 : at;
    const auto bracket = url.find(']', host);
    const auto colon = url.find(':', bracket == std::string_view::npos ? host : bracket);
    if (colon == std::string_view::npos || url.find('/') < colon)
        return badUrl("must be https://…, ssh://…, user@host:path, file://… or an absolute path");
    if (colon != url.size() - 1 && url.substr(colon + 1).starts_with(':'))
        return badUrl("names a helper");
    return sshUrl(url.substr(0, colon), url.substr(colon + 1));
}

bool isFullHash(std::string_view ref) noexcept {
    return ref.size() == 40 && std::ranges::all_of(ref, [](char c) { return hexDigit(c) >= 0; });
}

bool isValidRef(std::string_view ref) {
    if (ref.empty() || isFullHash(ref)) return true;
    if (ref.front() == '-' || ref.size() > 500) return false;
    const std::string name =
        ref.starts_with("refs/") ? std::string(ref) : "refs/heads/" + std::string(ref);
    int valid = 0;
    return ref != "@" && git_reference_name_is_valid(&valid, name.c_str()) == 0 && valid == 1;
}

std::string scrubbed(std::string_view text) {
    std::string out;
    for (const char c : withoutUrlSecrets(text.substr(0, 4096), "")) {
        if (out.size() >= 300) return out + "…";
        if (c == '\n' || c == '\t')
            out += ' ';
        else if (isControl(c) || static_cast<unsigned char>(c) > 0x7e)
            out += "\\x" + hex(std::string_view(&c, 1));
        else
            out += c;
    }
    while (out.ends_with(' ')) out.pop_back();
    return out;
}

}  // namespace driftkeeper
