#include <algorithm>
#include <array>

#include "daemon/settings/sections.hpp"
#include "daemon/settings/url.hpp"

namespace driftkeeper {
namespace {

struct ChannelWord {
    std::string_view word;
    ChannelType type;
    std::string_view url;  // key of the URL; KEY_file is one too
};
constexpr std::array<ChannelWord, 3> channelWords{{{"slack", ChannelType::Slack, "webhook_url"},
                                                   {"alertmanager", ChannelType::Alertmanager, "url"},
                                                   {"webhook", ChannelType::Webhook, "url"}}};

// What every type has, beside the type or within it.
void readDelivering(Section& section, ChannelSettings& channel) {
    auto& reading = section.reading();
    if (const auto values = reading.word(section.take("values"), {"show", "hide"}))
        channel.showValues = *values == "show";
    reading.file(section.take("tls_ca_file"), channel.tlsCaFile);
    reading.text(section.take("proxy"), channel.proxy, judgeHttpUrl, Show::No);
}

void refuseTwice(Section& outer, Section& inner) {
    for (const std::string_view key : {"values", "tls_ca_file", "proxy"}) {
        if (!outer.has(key) || !inner.has(key)) continue;
        outer.reading().mistake(inner.take(key), "both_given", std::string(key) + " is given twice for this channel",
                                Show::No);
    }
}

void readType(Section& outer, const ChannelWord& word, const Place& place, ChannelSettings& channel) {
    auto& reading = outer.reading();
    Section section(reading, place);
    channel.type = word.type;
    section.secret(word.url, channel.url, judgeHttpUrl);
    if (!section.has(word.url) && !section.has(std::string(word.url) + "_file")) {
        reading.mistake(place, "missing_key",
                        std::string(word.url) + " or " + std::string(word.url) + "_file is missing", Show::No);
    }
    if (word.type == ChannelType::Webhook) section.secret("secret", channel.secret, judgeText);
    refuseTwice(outer, section);
    readDelivering(section, channel);
    section.close();
}

ChannelSettings readChannel(Section& section) {
    auto& reading = section.reading();
    ChannelSettings channel;
    reading.text(section.require("name"), channel.name, judgeName, Show::Yes);
    readDelivering(section, channel);
    int types = 0;
    for (const auto& word : channelWords) {
        const auto place = section.take(word.word);
        if (!place) continue;
        if (++types > 1) reading.mistake(place, "both_given", "a channel has one type", Show::No);
        readType(section, word, place, channel);
    }
    if (const auto place = section.take("pagerduty")) {
        ++types;
        reading.mistake(place, "channel_not_available", "this version cannot send to pagerduty", Show::No);
    }
    if (types == 0) {
        reading.mistake(section.place(), "missing_key",
                        "the type of the channel is missing: slack, alertmanager or webhook", Show::No);
    }
    section.close();
    return channel;
}

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
            reading.mistake(item, "unknown_channel",
                            "no channel has this name" + (guess.empty() ? "" : "; did you mean " + guess + "?"));
        }
        targets.push_back(std::move(name));
    }
    if (place && reading.items(place).empty()) {
        reading.mistake(place, "missing_key", "a route names at least one channel", Show::No);
    }
}

}  // namespace

void readChannels(Reading& reading, const Place& place, std::vector<ChannelSettings>& channels) {
    std::map<std::string, std::size_t> names;
    for (const auto& item : reading.items(place)) {
        Section section(reading, item);
        if (!section.place()) continue;
        auto channel = readChannel(section);
        if (!channel.name.empty()) {
            refuseRepeated(reading, {item.node->find("name"), item.path + ".name"}, channel.name, names,
                           "this channel");
        }
        channels.push_back(std::move(channel));
    }
}

void readRoutes(Reading& reading, const Place& place, const std::vector<ChannelSettings>& channels,
                std::vector<RouteSettings>& routes) {
    for (const auto& item : reading.items(place)) {
        Section section(reading, item);
        if (!section.place()) continue;
        RouteSettings route;
        readRouteMatch(reading, section.take("match"), route.match);
        readTargets(reading, section.require("channels"), channels, route.channels);
        reading.boolean(section.take("continue"), route.continues);
        section.close();
        routes.push_back(std::move(route));
    }
}

}  // namespace driftkeeper
