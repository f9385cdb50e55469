#include "daemon/alert/decide/wall_clock.hpp"

#include <date/tz.h>

#include <exception>

namespace driftkeeper {
namespace {

date::local_days dayOf(const date::time_zone& zone, TimePoint now, int back) {
    return date::floor<date::days>(zone.to_local(now)) - date::days(back);
}

}  // namespace

std::optional<WallClock> WallClock::of(const std::string& zone) {
    try {
        return WallClock(*date::locate_zone(zone));
    } catch (const std::exception&) {
        return std::nullopt;
    }
}

unsigned WallClock::weekday(TimePoint now, int back) const {
    return date::weekday(dayOf(*zone_, now, back)).c_encoding();
}

TimePoint WallClock::at(TimePoint now, int back, Seconds sinceMidnight) const {
    return zone_->to_sys(dayOf(*zone_, now, back) + sinceMidnight, date::choose::earliest);
}

}  // namespace driftkeeper
