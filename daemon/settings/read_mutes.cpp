#include <utility>

#include "daemon/settings/sections.hpp"
#include "daemon/settings/text_patterns.hpp"

namespace driftkeeper {
namespace {

MuteWindow readMute(Section& section) {
    auto& reading = section.reading();
    MuteWindow mute;
    reading.text(section.require("name"), mute.name, judgeName, Show::Yes);
    readRouteMatch(reading, section.take("match"), mute.match);
    readWords<unsigned>(reading, section.take("days"), mute.days, weekdayWords, weekdayWord);
    const Seconds midnight = std::chrono::hours(24);
    readClockTime(reading, section.require("from"), mute.from, midnight - Seconds(1));
    readClockTime(reading, section.require("to"), mute.to, midnight);
    reading.text(section.take("time_zone"), mute.timeZone, judgeTimeZone, Show::Yes);
    reading.text(section.take("reason"), mute.reason, judgeText, Show::Yes);
    section.close();
    return mute;
}

}  // namespace

void readMutes(Reading& reading, const Place& place, std::vector<MuteWindow>& mutes) {
    std::map<std::string, std::size_t> names;
    for (const auto& item : reading.items(place)) {
        Section section(reading, item);
        if (!section.place()) continue;
        auto mute = readMute(section);
        if (!mute.name.empty())
            refuseRepeated(reading, {item.node->find("name"), item.path + ".name"}, mute.name, names, "this mute");
        mutes.push_back(std::move(mute));
    }
}

void readClockTime(Reading& reading, const Place& place, Seconds& value, Seconds most) {
    if (const auto* text = reading.scalar(place, "a time as 22:00", clockTimePattern(most == std::chrono::hours(24)))) {
        const auto read = clockTimeFrom(*text);
        if (!read || *read > most)
            return reading.mistake(place, "bad_clock_time", "this is no time of the day; write it as 06:00 or 22:30");
        value = *read;
    }
    if (value.count() > 0 || (place && !reading.isDescribing())) reading.note(place, clockTimeWords(value));
}

}  // namespace driftkeeper
