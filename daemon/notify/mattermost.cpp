#include <fmt/format.h>

#include <utility>

#include "daemon/notify/channel.hpp"
#include "daemon/notify/secret.hpp"
#include "daemon/notify/status.hpp"
#include "daemon/notify/story.hpp"
#include "parsers/json/json.hpp"
#include "parsers/json/json_string.hpp"
#include "parsers/json/json_writer.hpp"

// An incoming webhook of Mattermost or Rocket.Chat: one message a notice, since a webhook never
// says what it made. Source: developers.mattermost.com/integrate/webhooks/incoming,
// docs.rocket.chat (integrations).
namespace driftkeeper {
namespace mattermost {
namespace {

constexpr std::size_t mostTitle = 300;
constexpr std::size_t mostText = 6000;  // attachments of 8000 characters are split by older servers
constexpr std::size_t mostPlain = 3000;

std::string_view colourOf(const Story& story) {
    if (story.isResolved) return "#2ecc71";
    switch (story.severity) {
        case Severity::Critical:
            return "#e74c3c";
        case Severity::Warning:
            return "#f1c40f";
        case Severity::Info:
            break;
    }
    return "#3498db";
}

// A bare address becomes a link in Mattermost and in Rocket.Chat.
Markup markup() {
    Markup markup = markdownMarkup;
    markup.link = plainMarkup.link;
    return markup;
}

// The title stands outside of the attachment: there it is in every preview, and always Markdown.
std::vector<JsonMember> fullMessage(const Story& story) {
    const std::string attachment =
        jsonObject({{"fallback", jsonString(markdownMarkup.text(story.title, mostTitle))},
                    {"color", jsonString(colourOf(story))},
                    {"text", jsonString(setBody(story, markup(), mostText))}});
    return {{"text", jsonString(markdownMarkup.strong(story.title, mostTitle))},
            {"attachments", jsonArray({attachment})}};
}

std::vector<JsonMember> plainMessage(const Story& story) {
    const Markup words{markdownMarkup.text, markdownMarkup.text, markdownMarkup.text,
                       plainMarkup.link};
    const std::string title = words.text(story.title, mostTitle);
    return {{"text", jsonString(title + "\n" + setBody(story, words, mostPlain))}};
}

// What Mattermost says in the `id` of an error when not the message is wrong but where it goes.
bool isWrongPlace(std::string_view id) {
    constexpr std::string_view start = "web.incoming_webhook.";
    if (!id.starts_with(start)) return false;
    const std::string_view word = std::string_view(id).substr(start.size());
    for (const std::string_view known :
         {"disabled.", "invalid.", "channel.", "channel_locked.", "user.", "permissions."})
        if (word.starts_with(known)) return true;
    return false;
}

class Mattermost final : public Channel {
public:
    Mattermost(ChannelSettings settings, std::string externalUrl)
        : settings_(std::move(settings)), externalUrl_(std::move(externalUrl)) {}

    Result<Request> render(const Sending& sending) const override {
        Result<std::string> url = readSecret(settings_, "webhook_url");
        if (!url) return std::unexpected(url.error());
        const Story story = storyOf(sending.notice, settings_.showValues, externalUrl_);
        auto members = sending.plain ? plainMessage(story) : fullMessage(story);
        if (!settings_.option("channel").empty())
            members.emplace_back("channel", jsonString(settings_.option("channel")));
        HttpRequest request;
        request.url = std::move(*url);
        request.headers = {{"Content-Type", "application/json"}};
        request.body = jsonObject(members);
        return request;
    }

    AttemptResult judge(const Sending& sending, const Answer& answer) const override {
        AttemptResult result = judgeStatus(answer, sending.now);
        const Json said = readJson(answer.body).value_or(Json());
        if (isTaken(result.outcome)) {
            const bool isYes =
                answer.body == "ok" || said["success"].isTrue();  // the latter: Rocket.Chat
            if (answer.status == 200 && isYes) return result;
            return {Outcome::BadDestination,
                    fmt::format("HTTP {}, but not Mattermost's answer", answer.status),
                    std::nullopt};
        }
        // 501: incoming webhooks are switched off.
        const bool isRefused = answer.status >= 400 && answer.status < 500;
        if (answer.status == 501 || (isRefused && isWrongPlace(said["id"].string())))
            return {Outcome::BadDestination,
                    fmt::format("HTTP {}: the webhook or the channel is refused", answer.status),
                    std::nullopt};
        return result;
    }

private:
    ChannelSettings settings_;
    std::string externalUrl_;
};

std::unique_ptr<Channel> makeMattermost(const ChannelSettings& settings,
                                        const std::string& externalUrl) {
    return std::make_unique<Mattermost>(settings, externalUrl);
}

constexpr OptionSpec mattermostKeys[] = {
    {.key = "webhook_url",
     .kind = OptionSpec::Kind::SecretUrl,
     .help = "URL of the webhook.",
     .example = "https://chat.example.com/hooks/change-me",
     .fileExample = "/etc/driftkeeper/mattermost",
     .needed = true},
    {.key = "channel",
     .kind = OptionSpec::Kind::Words,
     .help = "Channel to post to. Default: that of the webhook.",
     .example = "town-square"},
};

}  // namespace
}  // namespace mattermost

extern constinit const ChannelKind mattermostChannel{
    .name = "mattermost",
    .help = "An incoming webhook of Mattermost or Rocket.Chat.",
    .options = mattermost::mattermostKeys,
    .make = mattermost::makeMattermost,
};

}  // namespace driftkeeper
