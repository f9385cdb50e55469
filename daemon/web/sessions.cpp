#include "daemon/web/sessions.hpp"

#include <algorithm>

#include "daemon/base/random.hpp"
#include "daemon/web/keyed_digest.hpp"
#include "parsers/text/encoding.hpp"

namespace driftkeeper {
namespace {

constexpr std::size_t mostSessions = 1000;
constexpr std::chrono::hours longest{12};

}  // namespace

Sessions::Sessions() : key_(randomBytes(32)) {}

std::string Sessions::open(Holder holder, SteadyTime now) {
    const std::string cookie = hex(randomBytes(32));
    entries_.with([&](auto& entries) {
        std::erase_if(entries, [&](const auto& one) { return now - one.second.opened >= longest; });
        if (entries.size() >= mostSessions)
            entries.erase(std::ranges::min_element(
                entries, {}, [](const auto& one) { return one.second.opened; }));
        entries.emplace(keyedDigest(key_, {"cookie", cookie}), Entry{std::move(holder), now});
    });
    return cookie;
}

std::optional<Sessions::Holder> Sessions::find(const std::string& cookie, SteadyTime now) const {
    const auto digest = keyedDigest(key_, {"cookie", cookie});
    return entries_.with([&](const auto& entries) -> std::optional<Holder> {
        const auto found = entries.find(digest);
        if (found == entries.end() || now - found->second.opened >= longest) return std::nullopt;
        return found->second.holder;
    });
}

void Sessions::close(const std::string& cookie) {
    entries_.with([&](auto& entries) { entries.erase(keyedDigest(key_, {"cookie", cookie})); });
}

std::string Sessions::csrf(const std::string& who) const {
    return hex(keyedDigest(key_, {"csrf", who}));
}

}  // namespace driftkeeper
