#include <algorithm>
#include <utility>

#include "daemon/settings/sections.hpp"
#include "daemon/settings/url.hpp"

namespace driftkeeper {
namespace {

// A key of a channel's type: what reads it, and whether the type makes sense without it.
struct Key {
    std::string_view key;
    void (*read)(Section& section, std::string_view key, ChannelSettings& channel);
    bool needed = true;
};

void readUrl(Section& section, std::string_view key, ChannelSettings& channel) {
    section.secret(key, channel.url, judgeHttpUrl);
}
void readMailServer(Section& section, std::string_view key, ChannelSettings& channel) {
    section.secret(key, channel.url, judgeMailServer);
}
void readSecret(Section& section, std::string_view key, ChannelSettings& channel) {
    section.secret(key, channel.secret, judgeWords);
}
template <std::string ChannelSettings::*member>
void readText(Section& section, std::string_view key, ChannelSettings& channel) {
    section.reading().text(section.take(key), channel.*member, judgeWords, Show::Yes);
}
void readSender(Section& section, std::string_view key, ChannelSettings& channel) {
    section.reading().text(section.take(key), channel.sender, judgeMailAddress, Show::Yes);
}
void readRecipients(Section& section, std::string_view key, ChannelSettings& channel) {
    section.reading().texts(section.take(key), channel.recipients, judgeMailAddress, Show::Yes);
}
void readTls(Section& section, std::string_view key, ChannelSettings& channel) {
    section.reading().boolean(section.take(key), channel.tls);
}
void readProgram(Section& section, std::string_view key, ChannelSettings& channel) {
    section.reading().texts(section.take(key), channel.program, judgeWords, Show::Yes);
}
void readEnvironment(Section& section, std::string_view key, ChannelSettings& channel) {
    section.reading().environment(section.take(key), channel.environment);
}
void readTimeout(Section& section, std::string_view key, ChannelSettings& channel) {
    section.reading().duration(section.take(key), channel.timeout, Seconds(1));
}

struct ChannelWord {
    std::string_view word;
    ChannelType type;
    std::vector<Key> keys;
};

const std::vector<ChannelWord>& channelWords() {
    using enum ChannelType;
    constexpr auto target = readText<&ChannelSettings::target>;
    constexpr auto thread = readText<&ChannelSettings::thread>;
    constexpr auto username = readText<&ChannelSettings::username>;
    static const std::vector<ChannelWord> words = {
        {"slack", Slack, {{"webhook_url", readUrl}}},
        {"slack", SlackBot, {{"bot_token", readSecret}, {"channel", target}, {"url", readUrl, false}}},
        {"teams", Teams, {{"webhook_url", readUrl}}},
        {"discord", Discord, {{"webhook_url", readUrl}, {"thread", thread, false}}},
        {"mattermost", Mattermost, {{"webhook_url", readUrl}, {"channel", target, false}}},
        {"google_chat", GoogleChat, {{"webhook_url", readUrl}}},
        {"telegram",
         Telegram,
         {{"bot_token", readSecret}, {"chat", target}, {"topic", thread, false}, {"url", readUrl, false}}},
        {"pagerduty", PagerDuty, {{"routing_key", readSecret}, {"url", readUrl, false}}},
        {"jira_service_management", JiraServiceManagement, {{"api_key", readSecret}, {"url", readUrl, false}}},
        {"alertmanager", Alertmanager, {{"url", readUrl}}},
        {"ntfy", Ntfy, {{"topic", target}, {"token", readSecret, false}, {"url", readUrl, false}}},
        {"webhook", Webhook, {{"url", readUrl}, {"secret", readSecret, false}}},
        {"email",
         Email,
         {{"server", readMailServer},
          {"from", readSender},
          {"to", readRecipients},
          {"username", username, false},
          {"password", readSecret, false},
          {"tls", readTls, false}}},
        {"github_issue", GithubIssue, {{"repository", target}, {"token", readSecret}, {"url", readUrl, false}}},
        {"gitlab_issue", GitlabIssue, {{"project", target}, {"token", readSecret}, {"url", readUrl, false}}},
        {"exec",
         Exec,
         {{"program", readProgram}, {"environment", readEnvironment, false}, {"timeout", readTimeout, false}}}};
    return words;
}

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

bool isGiven(const Section& section, std::string_view key) {
    return section.has(key) || section.has(std::string(key) + "_file");
}

// Of the types that share a word, the first whose first key is there; else the first.
const ChannelWord& chosen(std::string_view word, const Section& section) {
    const ChannelWord* first = nullptr;
    for (const auto& one : channelWords()) {
        if (one.word != word) continue;
        if (isGiven(section, one.keys.front().key)) return one;
        if (first == nullptr) first = &one;
    }
    return *first;
}

void readType(Section& outer, std::string_view word, const Place& place, ChannelSettings& channel) {
    auto& reading = outer.reading();
    Section section(reading, place);
    const auto& type = chosen(word, section);
    channel.type = type.type;
    for (const auto& [key, read, needed] : type.keys) {
        const bool mayBeFile = read == readUrl || read == readSecret || read == readMailServer;
        if (needed && !(mayBeFile ? isGiven(section, key) : section.has(key)))
            reading.mistake(place, "missing_key",
                            std::string(key) + (mayBeFile ? " or " + std::string(key) + "_file" : "") + " is missing",
                            Show::No);
        read(section, key, channel);
    }
    if (!channel.tls && channel.secret.given())
        reading.mistake(place, "password_in_clear", "a password is never sent without TLS: leave out tls: false",
                        Show::No);
    refuseTwice(outer, section);
    readDelivering(section, channel);
    section.close();
}

std::string typeWords() {
    std::string words;
    for (const auto& one : channelWords())
        if (words.find(one.word) == std::string::npos) words += (words.empty() ? "" : ", ") + std::string(one.word);
    return words;
}

ChannelSettings readChannel(Section& section) {
    auto& reading = section.reading();
    ChannelSettings channel;
    reading.text(section.require("name"), channel.name, judgeName, Show::Yes);
    readDelivering(section, channel);
    int types = 0;
    std::string_view last;
    for (const auto& one : channelWords()) {
        if (std::exchange(last, one.word) == one.word) continue;
        const auto place = section.take(one.word);
        if (!place) continue;
        if (++types > 1) reading.mistake(place, "both_given", "a channel has one type", Show::No);
        readType(section, one.word, place, channel);
    }
    if (types == 0)
        reading.mistake(section.place(), "missing_key", "the type of the channel is missing: one of " + typeWords(),
                        Show::No);
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
            refuseRepeated(reading, {item.node->find("name"), item.path + ".name"}, channel.name, names,
                           "this channel");
        }
        channels.push_back(std::move(channel));
    }
}

}  // namespace driftkeeper
