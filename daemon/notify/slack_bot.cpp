#include <fmt/format.h>

#include <utility>

#include "daemon/notify/channel.hpp"
#include "daemon/notify/secret.hpp"
#include "daemon/notify/slack_message.hpp"
#include "daemon/notify/slack_words.hpp"
#include "daemon/notify/status.hpp"
#include "parsers/json/json.hpp"
#include "parsers/json/json_string.hpp"

// Slack's Web API with a bot token: one message an incident (chat.postMessage), edited in place
// (chat.update), and what happened meanwhile as a reply in its thread. Source:
// api.slack.com/methods.
namespace driftkeeper {
namespace slack_bot {
namespace {

constexpr std::string_view usualBase = "https://slack.com/api";
constexpr std::size_t mostReply = 3000;

class SlackBot final : public Channel {
public:
    SlackBot(ChannelSettings settings, std::string externalUrl)
        : settings_(std::move(settings)), externalUrl_(std::move(externalUrl)) {}

    Result<Request> render(const Sending& sending) const override {
        const Result<std::string> token = readSecret(settings_, "bot_token");
        if (!token) return std::unexpected(token.error());
        const Result<std::string> base = baseUrl(settings_, usualBase);
        if (!base) return std::unexpected(base.error());
        const Story story = storyOf(sending.notice, settings_.showValues, externalUrl_);
        const bool updates = stepOf(sending) == Step::Update;
        HttpRequest request;
        request.url = *base + (updates ? "/chat.update" : "/chat.postMessage");
        request.headers = {{"Content-Type", "application/json; charset=utf-8"},
                           {"Authorization", "Bearer " + *token}};
        request.body = jsonObject(bodyOf(sending, story));
        return request;
    }

    AttemptResult judge(const Sending& sending, const Answer& answer) const override {
        AttemptResult result = judgeStatus(answer, sending.now);
        if (answer.status != 200) return result;
        const Json said = readJson(answer.body).value_or(Json());
        if (!said["ok"].isTrue()) return judgeError(said["error"].string(), sending);
        switch (stepOf(sending)) {
            case Step::Root:
                result.memo = Memo{{"channel", std::string(said["channel"].string())},
                                   {"ts", std::string(said["ts"].string())}};
                break;
            case Step::Update:
                result.more = true;
                break;
            case Step::Reply:
                break;
        }
        return result;
    }

private:
    enum class Step { Root, Update, Reply };

    // A reminder is a reply alone: the message says nothing new.
    static Step stepOf(const Sending& sending) {
        if (!sending.memo.contains("ts")) return Step::Root;
        return sending.step == 0 && sending.notice.event != Event::Reminder ? Step::Update
                                                                            : Step::Reply;
    }

    static std::vector<JsonMember> textOf(Step step, const Sending& sending, const Story& story) {
        if (step == Step::Reply) return reply(story);
        return sending.plain ? slackPlain(story) : slackBlocks(story);
    }

    std::vector<JsonMember> bodyOf(const Sending& sending, const Story& story) const {
        const auto step = stepOf(sending);
        auto members = textOf(step, sending, story);
        if (step == Step::Root) {
            members.emplace_back("channel", jsonString(settings_.option("channel")));
        } else {
            members.emplace_back("channel", jsonString(sending.memo.at("channel")));
            members.emplace_back(step == Step::Update ? "ts" : "thread_ts",
                                 jsonString(sending.memo.at("ts")));
            // An end and a reminder are for everybody, not only for who follows the thread.
            const bool isForAll = story.isResolved || sending.notice.event == Event::Reminder;
            if (step == Step::Reply && isForAll) members.emplace_back("reply_broadcast", "true");
        }
        if (step != Step::Update)
            members.emplace_back(
                "metadata", jsonObject({{"event_type", jsonString("driftkeeper_notice")},
                                        {"event_payload",
                                         jsonObject({{"id", jsonString(sending.notice.id)}})}}));
        return members;
    }

    static std::vector<JsonMember> reply(const Story& story) {
        const std::string text =
            mrkdwnMarkup.strong(story.title, 300) + "\n" + setBody(story, mrkdwnMarkup, mostReply);
        return {{"text", jsonString(text)}, {"unfurl_links", "false"}, {"unfurl_media", "false"}};
    }

    static AttemptResult judgeError(std::string_view word, const Sending& sending) {
        // Somebody deleted the message: the next attempt starts a new one.
        const bool isGone = word == "message_not_found" || word == "cant_update_message" ||
                            word == "thread_not_found";
        if (isGone && stepOf(sending) != Step::Root)
            return {Outcome::Transient, "the incident's message is gone: a new one follows",
                    Seconds(1), Memo{}};
        if (auto said = judgeSlackWord(word)) return *said;
        return {Outcome::BadDestination,
                "an answer that is not Slack's, or an unknown error code of Slack", std::nullopt};
    }

    ChannelSettings settings_;
    std::string externalUrl_;
};

std::unique_ptr<Channel> makeSlackBot(const ChannelSettings& settings,
                                      const std::string& externalUrl) {
    return std::make_unique<SlackBot>(settings, externalUrl);
}

constexpr OptionSpec slackBotKeys[] = {
    {.key = "bot_token",
     .kind = OptionSpec::Kind::Secret,
     .help = "Token of the bot, xoxb-….",
     .example = "change-me",
     .fileExample = "/etc/driftkeeper/slack-bot",
     .needed = true},
    {.key = "channel",
     .kind = OptionSpec::Kind::Words,
     .help = "Channel to post to.",
     .example = R"("#drift")",
     .needed = true},
    {.key = "url",
     .kind = OptionSpec::Kind::SecretUrl,
     .help = "URL of the service. Default: https://slack.com/api.",
     .example = "https://slack.com/api",
     .fileExample = "/etc/driftkeeper/slack-url"},
};

}  // namespace
}  // namespace slack_bot

extern constinit const ChannelKind slackBotChannel{
    .name = "slack",
    .options = slack_bot::slackBotKeys,
    .make = slack_bot::makeSlackBot,
};

}  // namespace driftkeeper
