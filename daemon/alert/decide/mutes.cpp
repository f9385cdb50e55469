#include "daemon/alert/decide/mutes.hpp"

#include <algorithm>
#include <utility>

#include "daemon/alert/decide/wall_clock.hpp"

namespace driftkeeper {
namespace {

// When the window that is on ends. It may have begun on the day before; two days back is for zones
// that skip a day.
std::optional<TimePoint> endOf(const MuteWindow& window, const WallClock& clock, TimePoint now) {
    for (const int back : {0, 1, 2}) {
        const auto weekday = clock.weekday(now, back);
        if (!window.days.empty() && std::ranges::find(window.days, weekday) == window.days.end())
            continue;
        const auto end = clock.at(now, window.to > window.from ? back : back - 1, window.to);
        if (clock.at(now, back, window.from) <= now && now < end) return end;
    }
    return std::nullopt;
}

std::optional<TimePoint> endOf(const MuteWindow& window, const std::string& timeZone,
                               TimePoint now) {
    const auto clock = WallClock::of(window.timeZone.empty() ? timeZone : window.timeZone);
    return clock ? endOf(window, *clock, now) : std::nullopt;
}

void keepLonger(std::optional<Mute>& mute, Mute other) {
    if (!mute || mute->until < other.until) mute = std::move(other);
}

}  // namespace

std::optional<Mute> activeMute(const std::vector<MuteWindow>& windows,
                               const std::vector<Silence>& silences, const RouteSubject& subject,
                               const std::string& timeZone, TimePoint now) {
    std::optional<Mute> mute;
    for (const auto& silence : silences) {
        if (silence.from <= now && now < silence.until && matches(silence.match, subject))
            keepLonger(mute, {silence.id, silence.reason, silence.until});
    }
    for (const auto& window : windows) {
        if (!matches(window.match, subject)) continue;
        if (const auto end = endOf(window, timeZone, now))
            keepLonger(mute, {window.name, window.reason, *end, true});
    }
    return mute;
}

}  // namespace driftkeeper
