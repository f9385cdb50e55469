#include <algorithm>

#include "daemon/notify/channel.hpp"
#include "daemon/settings/sections.hpp"
#include "daemon/settings/url.hpp"

namespace driftkeeper {
namespace {

// What the value of a secret key must be; nullptr: the key holds none.
TextJudge secretJudge(OptionSpec::Kind kind) {
    switch (kind) {
        case OptionSpec::Kind::Secret:
            return judgeWords;
        case OptionSpec::Kind::SecretUrl:
            return judgeHttpUrl;
        case OptionSpec::Kind::SecretMailServer:
            return judgeMailServer;
        default:
            return nullptr;
    }
}

void readKey(Section& section, const OptionSpec& spec, ChannelSettings& channel) {
    const auto judge = secretJudge(spec.kind);
    if (judge == nullptr) return readOption(section, spec, ".", channel.options);
    SecretSource read;
    section.secret(spec.key, {spec.help, spec.example, spec.fileExample}, read, judge,
                   spec.needed ? Need::Required : Need::Optional);
    if (read.given()) channel.secrets[std::string(spec.key)] = std::move(read);
}

constexpr std::string_view caHelp = "CA certificates to trust, beside the system's.";

// What every type has, beside the type or within it.
void readDelivering(Section& section, std::string_view valuesHelp, std::string_view values,
                    ChannelSettings& channel) {
    auto& reading = section.reading();
    if (const auto given =
            reading.word(section.take("values", valuesHelp), {"show", "hide"}, values))
        channel.showValues = *given == "show";
    if (const auto place = section.take("tls_ca_file", caHelp, "/etc/ssl/corp.pem"))
        reading.file(place, channel.tlsCaFile, Holds::Public);
    if (const auto place = section.take("proxy",
                                        "HTTP proxy to the receiver. Default: that of the "
                                        "environment.",
                                        "http://127.0.0.1:3128"))
        reading.text(place, channel.proxy, judgeHttpUrl, Show::No);
}

void refuseTwice(Section& outer, Section& inner) {
    for (const std::string_view key : {"values", "tls_ca_file", "proxy"}) {
        if (!outer.has(key) || !inner.has(key)) continue;
        outer.reading().mistake(inner.take(key), "both_given",
                                std::string(key) + " is given twice for this channel", Show::No);
    }
}

// The kinds that share a name: the first whose first key is there is meant, else the first.
std::vector<const ChannelKind*> kindsOf(std::string_view name) {
    std::vector<const ChannelKind*> kinds;
    for (const auto* kind : channelKinds())
        if (kind->name == name) kinds.push_back(kind);
    return kinds;
}

std::size_t chosen(const std::vector<const ChannelKind*>& kinds, const YamlNode& node) {
    const auto isMeant = [&](const ChannelKind* kind) {
        const std::string key(kind->options.front().key);
        return node.find(key) != nullptr || node.find(key + "_file") != nullptr;
    };
    const auto found = std::ranges::find_if(kinds, isMeant);
    return found == kinds.end() ? 0 : static_cast<std::size_t>(found - kinds.begin());
}

void refuseClash(Section& section, const ChannelKind::Clash& clash,
                 const ChannelSettings& channel) {
    const std::string with(clash.with);
    section.noteRule({std::string(clash.key), std::string(clash.word), {with, with + "_file"}});
    if (channel.option(clash.key) == clash.word && channel.secret(clash.with).given())
        section.reading().mistake(section.place(), "password_in_clear", std::string(clash.message),
                                  Show::No);
}

void readKind(Section& outer, const ChannelKind& kind, const Place& place,
              ChannelSettings& channel) {
    auto& reading = outer.reading();
    Section section(reading, place);
    channel.kind = &kind;
    for (const auto& spec : kind.options) readKey(section, spec, channel);
    for (const auto& clash : kind.clashes) refuseClash(section, clash, channel);
    refuseTwice(outer, section);
    readDelivering(section, "`hide` omits attribute values; here or beside the type.", "", channel);
    section.close();
}

std::vector<std::string> kindNames() {
    std::vector<std::string> names;
    for (const auto* kind : channelKinds())
        if (names.empty() || names.back() != kind->name) names.emplace_back(kind->name);
    return names;
}

std::string listed(const std::vector<std::string>& words) {
    std::string out;
    for (const auto& word : words) out += (out.empty() ? "" : ", ") + word;
    return out;
}

ChannelSettings readChannel(Section& section) {
    auto& reading = section.reading();
    ChannelSettings channel;
    reading.text(section.require("name", "Name of the channel, for routes.", "chat"), channel.name,
                 judgeName, Show::Yes);
    readDelivering(section, "`hide` omits attribute values.", "show", channel);
    const auto names = kindNames();
    section.oneOf(names, "a channel has one type",
                  "the type of the channel is missing: one of " + listed(names));
    for (const std::string key : {"values", "tls_ca_file", "proxy"}) {
        std::vector<std::string> inner;
        for (const auto& name : names) inner.push_back(memberPath(name, key));
        section.noteRule({key, "", std::move(inner)});
    }
    for (const auto& name : names) {
        const auto kinds = kindsOf(name);
        const auto place = section.take(name, kinds.front()->help);
        if (!place) continue;
        const auto places = reading.forms(place, kinds.size(), chosen(kinds, *place.node));
        for (std::size_t at = 0; at < kinds.size(); ++at)
            if (places[at]) readKind(section, *kinds[at], places[at], channel);
    }
    section.close();
    return channel;
}

}  // namespace

void readChannels(Reading& reading, const Place& place, std::vector<ChannelSettings>& channels) {
    std::map<std::string, std::size_t> names;
    for (const auto& item : reading.items(place)) {
        Section section(reading, item);
        if (!section.place()) continue;
        auto channel = readChannel(section);
        if (!channel.name.empty()) {
            refuseRepeated(reading, {item.node->find("name"), item.path + ".name"}, channel.name,
                           names, "this channel");
        }
        channels.push_back(std::move(channel));
    }
}

}  // namespace driftkeeper
