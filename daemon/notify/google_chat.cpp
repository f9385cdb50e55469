#include <fmt/format.h>

#include <utility>

#include "daemon/notify/channel.hpp"
#include "daemon/notify/secret.hpp"
#include "daemon/notify/status.hpp"
#include "daemon/notify/story.hpp"
#include "parsers/json/json.hpp"
#include "parsers/json/json_string.hpp"
#include "parsers/json/json_writer.hpp"

// A Google Chat webhook: one thread an incident, found again by its key, so nothing has to be
// remembered. Source: developers.google.com/workspace/chat (spaces.messages.create,
// format-messages, quickstart/webhooks).
namespace driftkeeper {
namespace google_chat {
namespace {

constexpr std::size_t mostTitle = 300;
constexpr std::size_t mostText = 10'000;  // the message: 32,000 bytes
constexpr std::size_t mostPlain = 2000;

std::string textOf(const Story& story, bool plain) {
    const Markup words{mrkdwnMarkup.text, mrkdwnMarkup.text, mrkdwnMarkup.text, mrkdwnMarkup.link};
    const Markup& markup = plain ? words : mrkdwnMarkup;
    return (story.isResolved ? "✅ " : "") + markup.strong(story.title, mostTitle) + "\n" +
           setBody(story, markup, plain ? mostPlain : mostText);
}

class GoogleChat final : public Channel {
public:
    GoogleChat(ChannelSettings settings, std::string externalUrl)
        : settings_(std::move(settings)), externalUrl_(std::move(externalUrl)) {}

    Result<Request> render(const Sending& sending) const override {
        Result<std::string> url = readSecret(settings_, "webhook_url");
        if (!url) return std::unexpected(url.error());
        const Story story = storyOf(sending.notice, settings_.showValues, externalUrl_);
        HttpRequest request;
        request.url = std::move(*url);
        request.url += request.url.find('?') == std::string::npos ? '?' : '&';
        request.url += "messageReplyOption=REPLY_MESSAGE_FALLBACK_TO_NEW_THREAD";
        // A repeated request makes no second message. The plain one is not the request that was
        // refused.
        if (!sending.plain) request.url += "&requestId=" + sending.notice.id;
        request.headers = {{"Content-Type", "application/json; charset=UTF-8"}};
        request.body = jsonObject(
            {{"text", jsonString(textOf(story, sending.plain))},
             {"thread", jsonObject({{"threadKey", jsonString(sending.notice.incidentId)}})}});
        return request;
    }

    AttemptResult judge(const Sending& sending, const Answer& answer) const override {
        AttemptResult result = judgeStatus(answer, sending.now);
        const Json said = readJson(answer.body).value_or(Json());
        if (isTaken(result.outcome)) {
            if (answer.status == 200 && said["name"].string().starts_with("spaces/")) return result;
            return {Outcome::BadDestination,
                    fmt::format("HTTP {}, but not Google Chat's answer", answer.status),
                    std::nullopt};
        }
        if (answer.status == 400 && answer.body.find("API_KEY_INVALID") != std::string::npos)
            return {Outcome::BadDestination, "HTTP 400: the webhook's key is refused",
                    std::nullopt};
        if (said["error"]["status"].string() == "RESOURCE_EXHAUSTED")
            result.outcome = Outcome::Throttled;
        return result;
    }

private:
    ChannelSettings settings_;
    std::string externalUrl_;
};

std::unique_ptr<Channel> makeGoogleChat(const ChannelSettings& settings,
                                        const std::string& externalUrl) {
    return std::make_unique<GoogleChat>(settings, externalUrl);
}

constexpr OptionSpec googleChatKeys[] = {
    {.key = "webhook_url",
     .kind = OptionSpec::Kind::SecretUrl,
     .help = "URL of the webhook.",
     .example = "https://chat.googleapis.com/change-me",
     .fileExample = "/etc/driftkeeper/google-chat",
     .needed = true},
};

}  // namespace
}  // namespace google_chat

extern constinit const ChannelKind googleChatChannel{
    .name = "google_chat",
    .help = "A webhook of a space.",
    .options = google_chat::googleChatKeys,
    .make = google_chat::makeGoogleChat,
};

}  // namespace driftkeeper
