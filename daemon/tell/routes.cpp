#include "daemon/tell/routes.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdint>
#include <tuple>
#include <utility>

namespace driftkeeper {
namespace {

std::string_view firstCharacter(std::string_view text) noexcept {
    std::size_t end = 1;
    while (end < text.size() && (static_cast<unsigned char>(text[end]) & 0xc0U) == 0x80U) ++end;
    return text.substr(0, end);
}

// `*` and `?` within one part. Goes back to the last star only, which is enough: glob × text steps at most.
bool partMatches(std::string_view glob, std::string_view text) noexcept {
    std::string_view afterStar;
    std::string_view retry;
    bool starred = false;
    for (;;) {
        if (!glob.empty() && glob[0] == '*') {
            glob.remove_prefix(1);
            afterStar = glob;
            retry = text;
            starred = true;
        } else if (!glob.empty() && !text.empty() && (glob[0] == '?' || glob[0] == text[0])) {
            text.remove_prefix(glob[0] == '?' ? firstCharacter(text).size() : 1);
            glob.remove_prefix(1);
        } else if (glob.empty() && text.empty()) {
            return true;
        } else {
            if (!starred || retry.empty()) return false;
            retry.remove_prefix(1);
            glob = afterStar;
            text = retry;
        }
    }
}

// The parts of a text between its slashes, one after the other.
class Parts {
public:
    explicit Parts(std::string_view text) noexcept : rest_(text) {}
    [[nodiscard]] bool atEnd() const noexcept { return atEnd_; }
    [[nodiscard]] std::string_view part() const noexcept { return rest_.substr(0, rest_.find('/')); }
    void next() noexcept {
        const auto slash = rest_.find('/');
        atEnd_ = slash == std::string_view::npos;
        if (!atEnd_) rest_.remove_prefix(slash + 1);
    }

private:
    std::string_view rest_;
    bool atEnd_ = false;
};

bool isAnyParts(const Parts& glob) noexcept {
    return !glob.atEnd() && glob.part() == "**";
}

bool oneGlobMatches(const std::vector<std::string>& globs, std::string_view text) {
    if (globs.empty()) return true;
    return !text.empty() && std::ranges::any_of(globs, [&](const auto& glob) { return globMatches(glob, text); });
}

bool oneEquals(const std::vector<std::string>& wanted, std::string_view text) {
    return wanted.empty() || (!text.empty() && std::ranges::find(wanted, text) != wanted.end());
}

template <class Word>
bool oneIs(const std::vector<Word>& wanted, const std::optional<Word>& word) {
    return wanted.empty() || (word && std::ranges::find(wanted, *word) != wanted.end());
}

bool matches(const RouteMatch& match, const RouteSubject& subject) {
    return oneEquals(match.repository, subject.repository) && oneGlobMatches(match.stack, subject.stack) &&
           oneEquals(match.provider, subject.provider) && oneIs(match.side, subject.side) &&
           oneIs(match.change, subject.change) && oneIs(match.severity, subject.severity) &&
           oneEquals(match.owner, subject.owner) && oneGlobMatches(match.type, subject.type) &&
           oneEquals(match.kind, name(subject.kind));
}

// FNV-1a, 64 bits, over lists of words.
class Digest {
public:
    void add(const std::vector<std::string>& words) {
        for (const auto& word : words) add(word);
        step('\2');
    }
    template <class Word>
    void add(const std::vector<Word>& words) {
        for (const auto word : words) add(name(word));
        step('\2');
    }
    [[nodiscard]] std::uint64_t value() const noexcept { return value_; }

private:
    void add(std::string_view word) {
        for (const char c : word) step(c);
        step('\1');
    }
    void step(char c) { value_ = (value_ ^ static_cast<unsigned char>(c)) * 0x100000001b3U; }
    std::uint64_t value_ = 0xcbf29ce484222325U;
};

std::string keyOf(const RouteSettings& route) {
    Digest digest;
    const auto& match = route.match;
    digest.add(match.repository);
    digest.add(match.stack);
    digest.add(match.provider);
    digest.add(match.side);
    digest.add(match.change);
    digest.add(match.severity);
    digest.add(match.owner);
    digest.add(match.type);
    digest.add(match.kind);
    digest.add(route.channels);
    return fmt::format("{:016x}", digest.value());
}

std::vector<std::string> namesOf(const std::vector<ChannelSettings>& channels) {
    std::vector<std::string> names;
    for (const auto& channel : channels) names.push_back(channel.name);
    return names;
}

}  // namespace

std::vector<Route> routesFor(const std::vector<RouteSettings>& routes, const std::vector<ChannelSettings>& channels,
                             const RouteSubject& subject) {
    if (routes.empty()) return {{"default", namesOf(channels)}};
    std::vector<Route> result;
    for (const auto& route : routes) {
        if (!matches(route.match, subject)) continue;
        Route found{keyOf(route), route.channels};
        if (std::ranges::find(result, found.key, &Route::key) == result.end()) result.push_back(std::move(found));
        if (!route.continues) break;
    }
    return result;
}

bool globMatches(std::string_view glob, std::string_view text) noexcept {
    Parts globs(glob);
    Parts parts(text);
    std::optional<std::pair<Parts, Parts>> retry;  // behind the last `**`, and where it may go on
    while (!parts.atEnd()) {
        if (isAnyParts(globs)) {
            globs.next();
            retry.emplace(globs, parts);
        } else if (!globs.atEnd() && partMatches(globs.part(), parts.part())) {
            globs.next();
            parts.next();
        } else {
            if (!retry) return false;
            retry->second.next();
            std::tie(globs, parts) = *retry;
        }
    }
    while (isAnyParts(globs)) globs.next();
    return globs.atEnd();
}

}  // namespace driftkeeper
