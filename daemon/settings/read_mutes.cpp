#include <utility>

#include "daemon/settings/sections.hpp"
#include "daemon/settings/text_patterns.hpp"

namespace driftkeeper {
namespace {

MuteWindow readMute(Section& section) {
    auto& reading = section.reading();
    MuteWindow mute;
    reading.text(section.require("name", "Name of the mute, for lists.", "weekend"), mute.name,
                 judgeName, Show::Yes);
    readRouteMatch(reading, section.take("match", matchHelp), mute.match);
    readWords<unsigned>(
        reading,
        section.take("days", "Days on which the window starts. Default: every day.", "[sat, sun]"),
        mute.days, weekdayWords, weekdayWord);
    const Seconds midnight = std::chrono::hours(24);
    readClockTime(reading,
                  section.require("from", "Start of the window, in local time.", R"("22:00")"),
                  mute.from, midnight - Seconds(1));
    readClockTime(reading,
                  section.require("to",
                                  "End of the window. An end that is not after the start is "
                                  "on the next day; 24:00 is midnight.",
                                  R"("06:00")"),
                  mute.to, midnight);
    reading.text(section.take("time_zone",
                              "Time zone of the window. Default: time_zone of the "
                              "settings.",
                              "Europe/Berlin"),
                 mute.timeZone, judgeTimeZone, Show::Yes);
    reading.text(section.take("reason", "Why the window exists.", "not staffed at night"),
                 mute.reason, judgeText, Show::Yes);
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
            refuseRepeated(reading, {item.node->find("name"), item.path + ".name"}, mute.name,
                           names, "this mute");
        mutes.push_back(std::move(mute));
    }
}

void readClockTime(Reading& reading, const Place& place, Seconds& value, Seconds most) {
    if (const auto* text = reading.scalar(place, "a time as 22:00",
                                          clockTimePattern(most == std::chrono::hours(24)))) {
        const auto read = clockTimeFrom(*text);
        if (!read || *read > most)
            return reading.mistake(place, "bad_clock_time",
                                   "this is not a time of day; write it as 06:00 or 22:30");
        value = *read;
    }
    if (value.count() > 0 || (place && !reading.isDescribing()))
        reading.note(place, clockTimeWords(value));
}

}  // namespace driftkeeper
