#include "daemon/git/known_hosts.hpp"

#include <algorithm>
#include <optional>

#include "daemon/git/digests.hpp"
#include "daemon/model/ascii.hpp"

namespace driftkeeper {

namespace {

struct Line {
    std::string_view marker;
    std::string_view hosts;
    std::string_view type;
    std::string key;
};

std::string_view nextWord(std::string_view& text) {
    const auto begin = text.find_first_not_of(" \t\r");
    if (begin == std::string_view::npos) return text = {};
    const auto end = std::min(text.find_first_of(" \t\r", begin), text.size());
    const auto word = text.substr(begin, end - begin);
    text.remove_prefix(end);
    return word;
}

std::optional<Line> readLine(std::string_view text) {
    Line line;
    line.hosts = nextWord(text);
    if (line.hosts.empty() || line.hosts.front() == '#') return std::nullopt;
    if (line.hosts.front() == '@') {
        line.marker = line.hosts;
        line.hosts = nextWord(text);
    }
    line.type = nextWord(text);
    auto key = fromBase64(nextWord(text));
    if (!key || keyType(*key) != line.type) return std::nullopt;
    line.key = std::move(*key);
    return line;
}

// * and ? as in a shell; iterative, so that no pattern is slow.
bool matches(std::string_view pattern, std::string_view name) {
    std::size_t p = 0, n = 0, star = std::string_view::npos, mark = 0;
    while (n < name.size()) {
        if (p < pattern.size() && pattern[p] == '*') {
            star = p++;
            mark = n;
        } else if (p < pattern.size() && (pattern[p] == '?' || pattern[p] == name[n])) {
            ++p;
            ++n;
        } else if (star != std::string_view::npos) {
            p = star + 1;
            n = ++mark;
        } else {
            return false;
        }
    }
    return pattern.find_first_not_of('*', p) == std::string_view::npos;
}

bool matchesHash(std::string_view hashed, std::string_view name) {
    const auto bar = hashed.find('|', 3);
    if (bar == std::string_view::npos) return false;
    const auto salt = fromBase64(hashed.substr(3, bar - 3));
    const auto hash = fromBase64(hashed.substr(bar + 1));
    return salt && hash && hmacSha1(*salt, name) == *hash;
}

bool lists(std::string_view hosts, const std::string& name) {
    if (hosts.starts_with("|1|")) return matchesHash(hosts, name);
    bool found = false;
    while (!hosts.empty()) {
        const auto comma = std::min(hosts.find(','), hosts.size());
        std::string pattern = lowered(hosts.substr(0, comma));
        hosts.remove_prefix(std::min(comma + 1, hosts.size()));
        const bool negated = pattern.starts_with('!');
        if (negated) pattern.erase(0, 1);
        if (!matches(pattern, name)) continue;
        if (negated) return false;
        found = true;
    }
    return found;
}

template <class Use>
void eachLineOf(std::string_view knownHosts, const std::string& name, Use use) {
    while (!knownHosts.empty()) {
        const auto end = std::min(knownHosts.find('\n'), knownHosts.size());
        const auto line = readLine(knownHosts.substr(0, end));
        knownHosts.remove_prefix(std::min(end + 1, knownHosts.size()));
        if (line && line->marker != "@cert-authority" && lists(line->hosts, name)) use(*line);
    }
}

}  // namespace

std::string knownHostsName(std::string_view host, std::uint16_t port) {
    const std::string name = lowered(host);
    return port == 22 ? name : "[" + name + "]:" + std::to_string(port);
}

std::string keyType(std::string_view key) {
    if (key.size() < 4) return {};
    std::size_t size = 0;
    for (const char c : key.substr(0, 4)) size = size << 8U | static_cast<unsigned char>(c);
    return size <= 64 && size <= key.size() - 4 ? std::string(key.substr(4, size)) : std::string();
}

HostKeyVerdict judgeHostKey(std::string_view knownHosts, std::string_view host, std::uint16_t port,
                            std::string_view key) {
    auto verdict = HostKeyVerdict::Unknown;
    const std::string type = keyType(key);
    eachLineOf(knownHosts, knownHostsName(host, port), [&](const Line& line) {
        if (verdict == HostKeyVerdict::Revoked) return;
        if (line.marker == "@revoked") {
            if (line.key == key) verdict = HostKeyVerdict::Revoked;
        } else if (line.key == key) {
            verdict = HostKeyVerdict::Known;
        } else if (line.type == type && verdict == HostKeyVerdict::Unknown) {
            verdict = HostKeyVerdict::Changed;
        }
    });
    return verdict;
}

std::vector<std::string> knownKeyTypes(std::string_view knownHosts, std::string_view host, std::uint16_t port) {
    std::vector<std::string> types;
    eachLineOf(knownHosts, knownHostsName(host, port), [&](const Line& line) {
        if (line.marker.empty() && std::ranges::find(types, line.type) == types.end()) types.emplace_back(line.type);
    });
    return types;
}

}  // namespace driftkeeper
