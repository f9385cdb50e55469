#include "daemon/alert/mutes.hpp"

#include <algorithm>

#include "daemon/base/random.hpp"
#include "daemon/settings/matcher.hpp"

namespace driftkeeper {

Result<void> Mutes::load() {
    auto kept = store_.quiet.silences();
    if (!kept) return std::unexpected(kept.error());
    for (auto& silence : *kept) {
        auto match = parseMatcher(silence.matcher);
        if (!match) return std::unexpected(match.error().within("a silence that was kept"));
        silence.match = *std::move(match);
    }
    silences_.with([&](auto& silences) { silences = *std::move(kept); });
    return {};
}

std::optional<TimePoint> Mutes::until(const RouteSubject& subject, TimePoint now) const {
    const auto settings = settings_.get();
    return silences_.with([&](const auto& silences) -> std::optional<TimePoint> {
        const auto mute = activeMute(settings->mutes, silences, subject, settings->timeZone, now);
        return mute ? std::optional(mute->until) : std::nullopt;
    });
}

Result<Silence> Mutes::add(const std::vector<std::string>& matcher, Seconds length,
                           const std::string& reason, const std::string& by, TimePoint now) {
    auto match = parseMatcher(matcher);
    if (!match) return std::unexpected(match.error());
    Silence silence{makeUuid(), matcher, *std::move(match), reason, by, now, now + length};
    if (auto kept = store_.quiet.keepSilence(silence); !kept) return std::unexpected(kept.error());
    silences_.with([&](auto& silences) { silences.push_back(silence); });
    return silence;
}

Result<bool> Mutes::end(const std::string& id, TimePoint now) {
    auto found = silences_.with([&](const auto& silences) -> std::optional<Silence> {
        const auto it = std::ranges::find(silences, id, &Silence::id);
        if (it == silences.end() || it->until <= now) return std::nullopt;
        return *it;
    });
    if (!found) return false;
    found->until = now;
    if (auto kept = store_.quiet.keepSilence(*found); !kept) return std::unexpected(kept.error());
    silences_.with(
        [&](auto& silences) { std::ranges::find(silences, id, &Silence::id)->until = now; });
    if (auto ended = store_.incidents.endWaits(now); !ended) return std::unexpected(ended.error());
    return true;
}

std::vector<Silence> Mutes::silences() const {
    return silences_.with([](const auto& silences) { return silences; });
}

}  // namespace driftkeeper
