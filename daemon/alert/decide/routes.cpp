#include "daemon/alert/decide/routes.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdint>
#include <utility>

#include "daemon/model/glob.hpp"

namespace driftkeeper {
namespace {

bool oneGlobMatches(const std::vector<std::string>& globs, std::string_view text) {
    if (globs.empty()) return true;
    return !text.empty() &&
           std::ranges::any_of(globs, [&](const auto& glob) { return globMatches(glob, text); });
}

bool oneEquals(const std::vector<std::string>& wanted, std::string_view text) {
    return wanted.empty() || (!text.empty() && std::ranges::find(wanted, text) != wanted.end());
}

template <class Word>
bool oneIs(const std::vector<Word>& wanted, const std::optional<Word>& word) {
    return wanted.empty() || (word && std::ranges::find(wanted, *word) != wanted.end());
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

// The routes that match, up to the first one that does not go on; `isWanted` says which of them are
// added.
void addRoutes(std::vector<Route>& result, const std::vector<RouteSettings>& routes,
               const RouteSubject& subject, bool (*isWanted)(const RouteMatch&)) {
    for (const auto& route : routes) {
        if (!matches(route.match, subject)) continue;
        Route found{keyOf(route), route.channels, route.groupWait};
        if (isWanted(route.match) &&
            std::ranges::find(result, found.key, &Route::key) == result.end())
            result.push_back(std::move(found));
        if (!route.continues) break;
    }
}

std::vector<std::string> namesOf(const std::vector<ChannelSettings>& channels) {
    std::vector<std::string> names;
    for (const auto& channel : channels) names.push_back(channel.name);
    return names;
}

}  // namespace

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

std::vector<std::string_view> unmet(const RouteMatch& match, const RouteSubject& subject) {
    const std::pair<std::string_view, bool> conditions[] = {
        {"repository", oneEquals(match.repository, subject.repository)},
        {"stack", oneGlobMatches(match.stack, subject.stack)},
        {"provider", oneEquals(match.provider, subject.provider)},
        {"side", oneIs(match.side, subject.side)},
        {"change", oneIs(match.change, subject.change)},
        {"severity", oneIs(match.severity, subject.severity)},
        {"owner", oneEquals(match.owner, subject.owner)},
        {"type", oneGlobMatches(match.type, subject.type)},
        {"kind", oneEquals(match.kind, name(subject.kind))},
    };
    std::vector<std::string_view> result;
    for (const auto& [key, holds] : conditions)
        if (!holds) result.push_back(key);
    return result;
}

bool matches(const RouteMatch& match, const RouteSubject& subject) {
    return unmet(match, subject).empty();
}

std::vector<Route> routesFor(const std::vector<RouteSettings>& routes,
                             const std::vector<ChannelSettings>& channels,
                             const RouteSubject& subject) {
    if (routes.empty()) return {{"default", namesOf(channels)}};
    std::vector<Route> result;
    addRoutes(result, routes, subject, [](const RouteMatch&) { return true; });
    RouteSubject owned = subject;
    for (const auto& owner : subject.codeOwners) {
        owned.owner = owner;
        addRoutes(result, routes, owned,
                  [](const RouteMatch& match) { return !match.owner.empty(); });
    }
    return result;
}

const RouteSettings* routeOf(const std::vector<RouteSettings>& routes, std::string_view key) {
    const auto it = std::ranges::find_if(
        routes, [&](const RouteSettings& route) { return keyOf(route) == key; });
    return it == routes.end() ? nullptr : &*it;
}

}  // namespace driftkeeper
