#include "daemon/tell/mutes.hpp"

#include <date/tz.h>

#include <algorithm>
#include <exception>

namespace driftkeeper {
namespace {

const date::time_zone* zoneNamed(const std::string& name) noexcept {
    try {
        return date::locate_zone(name);
    } catch (const std::exception&) {
        return nullptr;
    }
}

TimePoint atWall(const date::time_zone& zone, date::local_days day, Seconds sinceMidnight) {
    return zone.to_sys(day + sinceMidnight, date::choose::earliest);
}

// When the window that is on ends. It may have begun on the day before; two days back is for zones that skip a day.
std::optional<TimePoint> endOf(const MuteWindow& window, const date::time_zone& zone, TimePoint now) {
    const auto today = date::floor<date::days>(zone.to_local(now));
    for (const int back : {0, 1, 2}) {
        const auto day = today - date::days(back);
        const auto weekday = date::weekday(day).c_encoding();
        if (!window.days.empty() && std::ranges::find(window.days, weekday) == window.days.end()) continue;
        const auto lastDay = window.to > window.from ? day : day + date::days(1);
        const auto end = atWall(zone, lastDay, window.to);
        if (atWall(zone, day, window.from) <= now && now < end) return end;
    }
    return std::nullopt;
}

std::optional<TimePoint> endOf(const MuteWindow& window, const std::string& timeZone, TimePoint now) {
    const auto* zone = zoneNamed(window.timeZone.empty() ? timeZone : window.timeZone);
    return zone == nullptr ? std::nullopt : endOf(window, *zone, now);
}

void keepLonger(std::optional<Mute>& mute, const std::string& name, const std::string& reason, TimePoint until) {
    if (!mute || mute->until < until) mute = Mute{name, reason, until};
}

}  // namespace

std::optional<Mute> activeMute(const std::vector<MuteWindow>& windows, const std::vector<Silence>& silences,
                               const RouteSubject& subject, const std::string& timeZone, TimePoint now) {
    std::optional<Mute> mute;
    for (const auto& silence : silences) {
        if (silence.from <= now && now < silence.until && matches(silence.match, subject))
            keepLonger(mute, silence.id, silence.reason, silence.until);
    }
    for (const auto& window : windows) {
        if (!matches(window.match, subject)) continue;
        if (const auto end = endOf(window, timeZone, now)) keepLonger(mute, window.name, window.reason, *end);
    }
    return mute;
}

}  // namespace driftkeeper
