#include <algorithm>

#include "daemon/settings/sections.hpp"
#include "daemon/settings/url.hpp"

namespace driftkeeper {
namespace {

// A key of a channel's type: what reads it, and whether the type makes sense without it.
struct Key {
    std::string_view key;
    void (*read)(Section& section, const Key& key, ChannelSettings& channel);
    Need need = Need::Required;
};
constexpr Need optional = Need::Optional;

void readUrl(Section& section, const Key& key, ChannelSettings& channel) {
    section.secret(key.key, channel.url, judgeHttpUrl, key.need);
}
void readMailServer(Section& section, const Key& key, ChannelSettings& channel) {
    section.secret(key.key, channel.url, judgeMailServer, key.need);
}
void readSecret(Section& section, const Key& key, ChannelSettings& channel) {
    section.secret(key.key, channel.secret, judgeWords, key.need);
}
template <std::string ChannelSettings::*member>
void readText(Section& section, const Key& key, ChannelSettings& channel) {
    section.reading().text(section.take(key.key, key.need), channel.*member, judgeWords, Show::Yes);
}
void readSender(Section& section, const Key& key, ChannelSettings& channel) {
    section.reading().text(section.take(key.key, key.need), channel.sender, judgeMailAddress, Show::Yes);
}
void readRecipients(Section& section, const Key& key, ChannelSettings& channel) {
    const auto place = section.take(key.key, key.need);
    section.reading().texts(place, channel.recipients, judgeMailAddress, Show::Yes);
    section.reading().needsItem(place, "a message goes to at least one address");
}
void readTls(Section& section, const Key& key, ChannelSettings& channel) {
    section.reading().boolean(section.take(key.key, key.need), channel.tls);
}
// Arguments may be anything, also secrets.
void readProgram(Section& section, const Key& key, ChannelSettings& channel) {
    const auto place = section.take(key.key, key.need);
    section.reading().texts(place, channel.program, judgeWords, Show::Yes);
    section.reading().needsItem(place, "the list begins with the program");
    if (place.noted == nullptr || section.reading().isDescribing()) return;
    for (std::size_t at = 1; at < channel.program.size(); ++at) place.noted->item(at).value = "<hidden>";
}
void readEnvironment(Section& section, const Key& key, ChannelSettings& channel) {
    section.reading().environment(section.take(key.key, key.need), channel.environment);
}
void readTimeout(Section& section, const Key& key, ChannelSettings& channel) {
    section.reading().duration(section.take(key.key, key.need), channel.timeout, Seconds(1));
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
        {"slack", SlackBot, {{"bot_token", readSecret}, {"channel", target}, {"url", readUrl, optional}}},
        {"teams", Teams, {{"webhook_url", readUrl}}},
        {"discord", Discord, {{"webhook_url", readUrl}, {"thread", thread, optional}}},
        {"mattermost", Mattermost, {{"webhook_url", readUrl}, {"channel", target, optional}}},
        {"google_chat", GoogleChat, {{"webhook_url", readUrl}}},
        {"telegram",
         Telegram,
         {{"bot_token", readSecret}, {"chat", target}, {"topic", thread, optional}, {"url", readUrl, optional}}},
        {"pagerduty", PagerDuty, {{"routing_key", readSecret}, {"url", readUrl, optional}}},
        {"jira_service_management", JiraServiceManagement, {{"api_key", readSecret}, {"url", readUrl, optional}}},
        {"alertmanager", Alertmanager, {{"url", readUrl}}},
        {"ntfy", Ntfy, {{"topic", target}, {"token", readSecret, optional}, {"url", readUrl, optional}}},
        {"webhook", Webhook, {{"url", readUrl}, {"secret", readSecret, optional}}},
        {"email",
         Email,
         {{"server", readMailServer},
          {"from", readSender},
          {"to", readRecipients},
          {"username", username, optional},
          {"password", readSecret, optional},
          {"tls", readTls, optional}}},
        {"github_issue", GithubIssue, {{"repository", target}, {"token", readSecret}, {"url", readUrl, optional}}},
        {"gitlab_issue", GitlabIssue, {{"project", target}, {"token", readSecret}, {"url", readUrl, optional}}},
        {"exec",
         Exec,
         {{"program", readProgram}, {"environment", readEnvironment, optional}, {"timeout", readTimeout, optional}}}};
    return words;
}

// What every type has, beside the type or within it.
void readDelivering(Section& section, std::string_view values, ChannelSettings& channel) {
    auto& reading = section.reading();
    if (const auto given = reading.word(section.take("values"), {"show", "hide"}, values))
        channel.showValues = *given == "show";
    if (const auto place = section.take("tls_ca_file")) reading.file(place, channel.tlsCaFile);
    if (const auto place = section.take("proxy")) reading.text(place, channel.proxy, judgeHttpUrl, Show::No);
}

void refuseTwice(Section& outer, Section& inner) {
    for (const std::string_view key : {"values", "tls_ca_file", "proxy"}) {
        if (!outer.has(key) || !inner.has(key)) continue;
        outer.reading().mistake(inner.take(key), "both_given", std::string(key) + " is given twice for this channel",
                                Show::No);
    }
}

// The types that share a word: the first whose first key is there is meant, else the first.
std::vector<const ChannelWord*> typesOf(std::string_view word) {
    std::vector<const ChannelWord*> types;
    for (const auto& one : channelWords())
        if (one.word == word) types.push_back(&one);
    return types;
}

std::size_t chosen(const std::vector<const ChannelWord*>& types, const YamlNode& node) {
    const auto isMeant = [&](const ChannelWord* type) {
        const std::string key(type->keys.front().key);
        return node.find(key) != nullptr || node.find(key + "_file") != nullptr;
    };
    const auto found = std::ranges::find_if(types, isMeant);
    return found == types.end() ? 0 : static_cast<std::size_t>(found - types.begin());
}

void readType(Section& outer, const ChannelWord& type, const Place& place, ChannelSettings& channel) {
    auto& reading = outer.reading();
    Section section(reading, place);
    channel.type = type.type;
    for (const auto& key : type.keys) key.read(section, key, channel);
    if (type.type == ChannelType::Email) section.noteRule({"tls", "false", {"password", "password_file"}});
    if (!channel.tls && channel.secret.given())
        reading.mistake(place, "password_in_clear", "a password is never sent without TLS: leave out tls: false",
                        Show::No);
    refuseTwice(outer, section);
    readDelivering(section, "", channel);
    section.close();
}

std::vector<std::string> typeWords() {
    std::vector<std::string> words;
    for (const auto& one : channelWords())
        if (words.empty() || words.back() != one.word) words.emplace_back(one.word);
    return words;
}

std::string listed(const std::vector<std::string>& words) {
    std::string out;
    for (const auto& word : words) out += (out.empty() ? "" : ", ") + word;
    return out;
}

ChannelSettings readChannel(Section& section) {
    auto& reading = section.reading();
    ChannelSettings channel;
    reading.text(section.require("name"), channel.name, judgeName, Show::Yes);
    readDelivering(section, "show", channel);
    const auto words = typeWords();
    section.oneOf(words, "a channel has one type", "the type of the channel is missing: one of " + listed(words));
    for (const std::string key : {"values", "tls_ca_file", "proxy"}) {
        std::vector<std::string> inner;
        for (const auto& word : words) inner.push_back(memberPath(word, key));
        section.noteRule({key, "", std::move(inner)});
    }
    for (const auto& word : words) {
        const auto place = section.take(word);
        if (!place) continue;
        const auto types = typesOf(word);
        const auto places = reading.forms(place, types.size(), chosen(types, *place.node));
        for (std::size_t at = 0; at < types.size(); ++at)
            if (places[at]) readType(section, *types[at], places[at], channel);
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
            refuseRepeated(reading, {item.node->find("name"), item.path + ".name"}, channel.name, names,
                           "this channel");
        }
        channels.push_back(std::move(channel));
    }
}

}  // namespace driftkeeper
