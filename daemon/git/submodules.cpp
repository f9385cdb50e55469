#include "daemon/git/submodules.hpp"

#include <algorithm>
#include <optional>

#include "daemon/git/remote_url.hpp"
#include "daemon/git/source_tree.hpp"
#include "parsers/text/ascii.hpp"

namespace driftkeeper {

namespace {

namespace fs = std::filesystem;

// The value of a variable (git-config(1)): quotes, escapes and comments are taken out.
std::string valueOf(std::string_view text) {
    std::string value;
    bool quoted = false;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const char c = text[i];
        if (c == '\\' && i + 1 < text.size()) {
            value += text[++i];
        } else if (c == '"') {
            quoted = !quoted;
        } else if ((c == '#' || c == ';') && !quoted) {
            break;
        } else {
            value += c;
        }
    }
    return std::string(trimmed(value));
}

// A url relative to another one, as git-submodule(1) has it.
std::string resolvedUrl(std::string base, std::string_view url) {
    if (!url.starts_with("./") && !url.starts_with("../")) return std::string(url);
    while (base.ends_with('/')) base.pop_back();
    for (;;) {
        if (url.starts_with("../")) {
            const auto cut = base.find_last_of("/:");
            if (cut == std::string::npos) break;
            base.resize(base[cut] == ':' ? cut + 1 : cut);
            url.remove_prefix(3);
        } else if (url.starts_with("./")) {
            url.remove_prefix(2);
        } else {
            break;
        }
    }
    return base + (base.ends_with(':') ? "" : "/") + std::string(url);
}

bool isUsualPort(const RemoteUrl& url) {
    switch (url.scheme) {
        case RemoteUrl::Scheme::Https:
            return url.port == 443;
        case RemoteUrl::Scheme::Http:
            return url.port == 80;
        case RemoteUrl::Scheme::Ssh:
            return url.port == 22;
        case RemoteUrl::Scheme::File:
            break;
    }
    return true;
}

bool isSameHost(const RemoteUrl& one, const RemoteUrl& other) {
    if (one.host != other.host) return false;
    if (one.scheme == other.scheme) return one.port == other.port;
    return isUsualPort(one) && isUsualPort(other);
}

bool liesIn(const fs::path& path, const fs::path& folder) {
    std::error_code error;
    const auto real = fs::weakly_canonical(path, error);
    const auto outer = fs::weakly_canonical(folder, error);
    return std::ranges::mismatch(outer, real).in1 == outer.end();
}

std::unexpected<Error> refusedUrl(std::string why) {
    return failure(Remedy::FixSetup, "git_url", std::move(why));
}

}  // namespace

std::map<std::string, std::string> readGitmodules(std::string_view text) {
    std::map<std::string, std::string> found;
    std::string path, url;
    bool isSubmodule = false;
    const auto finish = [&] {
        if (const auto inner = normalised(path); inner && *inner != "." && !url.empty())
            found.emplace(*inner, url);
        path.clear();
        url.clear();
    };
    while (!text.empty()) {
        const auto end = std::min(text.find('\n'), text.size());
        const auto line = trimmed(text.substr(0, end));
        text.remove_prefix(std::min(end + 1, text.size()));
        if (line.starts_with('[')) {
            finish();
            isSubmodule = lowered(line).starts_with("[submodule ");
            continue;
        }
        const auto equals = line.find('=');
        if (!isSubmodule || equals == std::string_view::npos) continue;
        const auto key = lowered(trimmed(line.substr(0, equals)));
        if (key == "path") path = valueOf(trimmed(line.substr(equals + 1)));
        if (key == "url") url = valueOf(trimmed(line.substr(equals + 1)));
    }
    finish();
    return found;
}

Result<RepositorySettings> submoduleSettings(const RepositorySettings& top,
                                             const std::string& parentUrl,
                                             const std::string& folder, const std::string& url,
                                             const std::string& commit, const fs::path& forbidden) {
    RepositorySettings settings;
    settings.name = top.name + "\nsubmodule " + folder;
    settings.url = resolvedUrl(parentUrl, url);
    settings.ref = commit;
    const auto from = parseRemoteUrl(top.url);
    if (!from) return std::unexpected(from.error());
    const auto to = parseRemoteUrl(settings.url);
    if (!to) return std::unexpected(to.error());
    const bool isLocal =
        to->scheme == RemoteUrl::Scheme::File || to->scheme == RemoteUrl::Scheme::Http;
    if (isLocal && (to->scheme != from->scheme || !isSameHost(*to, *from)))
        return refusedUrl("its url leads to the daemon's own machine: " + to->shown);
    if (to->scheme == RemoteUrl::Scheme::File && liesIn(to->path, forbidden))
        return refusedUrl("its url leads into the daemon's state");
    if (isSameHost(*to, *from)) {
        settings.credentials = top.credentials;
        settings.tlsCaFile = top.tlsCaFile;
    }
    return settings;
}

}  // namespace driftkeeper
