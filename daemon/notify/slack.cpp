#include <fmt/format.h>

#include <utility>

#include "daemon/notify/channel.hpp"
#include "daemon/notify/secret.hpp"
#include "daemon/notify/slack_message.hpp"
#include "daemon/notify/slack_words.hpp"
#include "daemon/notify/status.hpp"

// A Slack incoming webhook: one message a notice, since a webhook never says what it made.
namespace driftkeeper {
namespace slack {
namespace {

class Slack final : public Channel {
public:
    Slack(ChannelSettings settings, std::string externalUrl)
        : settings_(std::move(settings)), externalUrl_(std::move(externalUrl)) {}

    Result<Request> render(const Sending& sending) const override {
        Result<std::string> url = readSecret(settings_, "webhook_url");
        if (!url) return std::unexpected(url.error());
        const Story story = storyOf(sending.notice, settings_.showValues, externalUrl_);
        HttpRequest request;
        request.url = std::move(*url);
        request.headers = {{"Content-Type", "application/json; charset=utf-8"}};
        request.body = jsonObject(sending.plain ? slackPlain(story) : slackBlocks(story));
        return request;
    }

    AttemptResult judge(const Sending& sending, const Answer& answer) const override {
        AttemptResult result = judgeStatus(answer, sending.now);
        if (answer.status == 0 || result.outcome == Outcome::Throttled) return result;
        if (answer.status == 200 && answer.body == "ok") return result;
        if (auto said = judgeSlackWord(answer.body)) {
            said->retryAfter = result.retryAfter;
            return *said;
        }
        if (isTaken(result.outcome)) {
            result.outcome = Outcome::BadDestination;
            result.text = fmt::format("HTTP {}, but not Slack's answer", answer.status);
        }
        return result;
    }

private:
    ChannelSettings settings_;
    std::string externalUrl_;
};

std::unique_ptr<Channel> makeSlack(const ChannelSettings& settings,
                                   const std::string& externalUrl) {
    return std::make_unique<Slack>(settings, externalUrl);
}

constexpr OptionSpec slackKeys[] = {
    {.key = "webhook_url",
     .kind = OptionSpec::Kind::SecretUrl,
     .help = "URL of the webhook.",
     .example = "https://hooks.slack.com/services/change-me",
     .fileExample = "/etc/driftkeeper/slack",
     .needed = true},
};

}  // namespace
}  // namespace slack

extern constinit const ChannelKind slackChannel{
    .name = "slack",
    .help =
        "An incoming webhook: one message per notice. Or a bot (scope chat:write): one "
        "message per incident, edited in place.",
    .options = slack::slackKeys,
    .make = slack::makeSlack,
};

}  // namespace driftkeeper
