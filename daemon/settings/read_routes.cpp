#include <algorithm>
#include <utility>

#include "daemon/settings/sections.hpp"

namespace driftkeeper {
namespace {

void readTargets(Reading& reading, const Place& place, const std::vector<ChannelSettings>& channels,
                 std::vector<std::string>& targets) {
    std::vector<std::string_view> names;
    for (const auto& channel : channels) names.emplace_back(channel.name);
    for (const auto& item : reading.items(place)) {
        std::string name;
        reading.text(item, name, judgeName, Show::Yes);
        if (name.empty()) continue;
        if (std::ranges::find(names, name) == names.end()) {
            const auto guess = nearest(name, names);
            reading.mistake(
                item, "unknown_channel",
                "no channel has this name; " + (guess.empty() ? "it must be one of `channels`"
                                                              : "did you mean " + guess + "?"));
        }
        targets.push_back(std::move(name));
    }
    reading.needsItem(place, "a route names at least one channel");
}

bool isNamed(const RouteSettings& route, const ChannelSettings& channel) {
    return std::ranges::find(route.channels, channel.name) != route.channels.end();
}

// `digest: { every: day }` or `{ every: week, on: mon }`, each with `at`.
void readDigest(Reading& reading, const Place& place, const std::vector<ChannelSettings>& channels,
                RouteSettings& route) {
    if (!place) return;
    Section section(reading, place);
    auto& digest = route.digest.emplace();
    const auto every =
        reading.word(section.require("every", "How often.", "week"), {"day", "week"});
    const auto on = section.take("on", "Day of a weekly digest. Default: mon.", "mon");
    section.noteRule({"every", "day", {"on"}});
    if (every == "week") digest.weekday = weekdayWord("mon");
    if (every == "day" && on)
        reading.mistake(on, "both_given", "a digest of every day has no day of the week", Show::No);
    else if (const auto day = reading.word(on, weekdayWords))
        digest.weekday = weekdayWord(*day);
    readClockTime(reading, section.take("at", "Local time, in time_zone."), digest.at,
                  std::chrono::hours(24) - Seconds(1));
    section.close();
    const auto reads = [&](const ChannelSettings& one) {
        return isNamed(route, one) && !one.keepsOpen();
    };
    if (!route.channels.empty() && std::ranges::none_of(channels, reads))
        reading.mistake(place, "no_reader",
                        "none of the route's channels takes a digest: they page or track incidents",
                        Show::No);
}

}  // namespace

void readRoutes(Reading& reading, const Place& place, const std::vector<ChannelSettings>& channels,
                std::vector<RouteSettings>& routes) {
    for (const auto& item : reading.items(place)) {
        Section section(reading, item);
        if (!section.place()) continue;
        RouteSettings route;
        readRouteMatch(reading, section.take("match", matchHelp), route.match);
        readTargets(reading, section.require("channels", "Channels to notify.", "[slack]"),
                    channels, route.channels);
        reading.boolean(section.take("continue", "Evaluate later routes, too."), route.continues);
        reading.duration(section.take("group_wait",
                                      "How long to wait for other drifts with the same "
                                      "cause. Default: that of `checks`.",
                                      "30s"),
                         route.groupWait, Seconds(0));
        // More often than once a minute is noise, and a mistake in the unit.
        reading.duration(
            section.take(
                "repeat_every",
                "Send a reminder this often while an incident is open; at least 1m. Default: "
                "none.",
                "1d"),
            route.repeatEvery, Seconds(60));
        reading.boolean(section.take("resolve",
                                     "`false`: do not notify when an incident is "
                                     "resolved."),
                        route.notifiesEnd);
        if (const auto values = reading.word(section.take("values",
                                                          "`hide` omits attribute "
                                                          "values."),
                                             {"show", "hide"}, "show"))
            route.showValues = *values == "show";
        readDigest(reading,
                   section.take("digest",
                                "A periodic summary of the route's incidents. Channels that "
                                "page or track incidents get none."),
                   channels, route);
        section.close();
        routes.push_back(std::move(route));
    }
}

}  // namespace driftkeeper
