#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "daemon/notify/channel.hpp"
#include "daemon/notify/secret.hpp"
#include "daemon/notify/status.hpp"
#include "daemon/notify/story.hpp"
#include "parsers/json/json.hpp"
#include "parsers/json/json_string.hpp"
#include "parsers/json/json_writer.hpp"

// A Telegram bot: one message an incident (sendMessage), edited in place (editMessageText), and a
// reply to it for what happened since, because an edit calls nobody. Source:
// core.telegram.org/bots/api.
namespace driftkeeper {
namespace telegram {
namespace {

constexpr std::string_view usualBase = "https://api.telegram.org";
constexpr std::size_t mostTitle = 300;
constexpr std::size_t mostBody = 3700;  // the text: 4096 characters
constexpr std::size_t mostPlain = 1500;

// Telegram finds mentions in any text but code; a zero-width space breaks them.
std::string_view quietEscape(char c) {
    return c == '@' ? std::string_view("@\u200b") : std::string_view();
}
std::string_view quietHtmlEscape(char c) {
    switch (c) {
        case '&':
            return "&amp;";
        case '<':
            return "&lt;";
        case '>':
            return "&gt;";
        default:
            return quietEscape(c);
    }
}

std::string quiet(std::string_view text, std::size_t bytes) {
    return escapedLine(text, bytes, quietEscape);
}
std::string quietHtml(std::string_view text, std::size_t bytes) {
    return escapedLine(text, bytes, quietHtmlEscape);
}
std::string quietStrong(std::string_view text, std::size_t bytes) {
    constexpr std::size_t tags = 7;
    return "<b>" + quietHtml(text, bytes - tags) + "</b>";
}

std::string textOf(const Story& story, bool plain) {
    const Markup markup = plain ? Markup{quiet, quiet, quiet, plainMarkup.link}
                                : Markup{quietHtml, htmlMarkup.code, quietStrong, htmlMarkup.link};
    return (story.isResolved ? "✅ " : "") + markup.strong(story.title, mostTitle) + "\n" +
           setBody(story, markup, plain ? mostPlain : mostBody);
}

// Ids are numbers; a chat may have a name instead.
std::string idJson(const std::string& id) {
    const auto json = readJson(id);
    return json && json->isNumber() ? id : jsonString(id);
}

bool hasAny(std::string_view text, std::initializer_list<std::string_view> words) {
    return std::ranges::any_of(
        words, [&](std::string_view word) { return text.find(word) != std::string_view::npos; });
}

class Telegram final : public Channel {
public:
    Telegram(ChannelSettings settings, std::string externalUrl)
        : settings_(std::move(settings)), externalUrl_(std::move(externalUrl)) {}

    Result<Request> render(const Sending& sending) const override {
        const Result<std::string> token = readSecret(settings_, "bot_token");
        if (!token) return std::unexpected(token.error());
        const Result<std::string> base = baseUrl(settings_, usualBase);
        if (!base) return std::unexpected(base.error());
        const bool isUpdate = stepOf(sending) == Step::Update;
        HttpRequest request;
        request.url = *base + "/bot" + *token + (isUpdate ? "/editMessageText" : "/sendMessage");
        request.headers = {{"Content-Type", "application/json"}};
        request.body = jsonObject(bodyOf(sending));
        return request;
    }

    AttemptResult judge(const Sending& sending, const Answer& answer) const override {
        AttemptResult result = judgeStatus(answer, sending.now);
        const Json said = readJson(answer.body).value_or(Json());
        if (isTaken(result.outcome)) return judgeYes(sending, answer, said);
        const Json& parameters = said["parameters"];
        if (const Json& chat = parameters["migrate_to_chat_id"]; chat.isNumber())
            return {Outcome::Transient, "the group became a supergroup: it follows there",
                    Seconds(1), Memo{{"chat", chat.text}}};
        const auto wish = parameters["retry_after"].count();
        if (result.outcome == Outcome::Throttled && wish)
            result.retryAfter = Seconds(std::min<std::uint64_t>(*wish, 86'400));
        return answer.status == 400 ? judgeRefusal(sending, said["description"].string()) : result;
    }

private:
    enum class Step { Root, Update, Reply };

    // A reminder is a reply alone: the message says nothing new.
    static Step stepOf(const Sending& sending) {
        if (!sending.memo.contains("message")) return Step::Root;
        return sending.step == 0 && sending.notice.event != Event::Reminder ? Step::Update
                                                                            : Step::Reply;
    }

    std::vector<JsonMember> bodyOf(const Sending& sending) const {
        const Story story = storyOf(sending.notice, settings_.showValues, externalUrl_);
        const auto chat = sending.memo.find("chat");
        std::vector<JsonMember> members{
            {"chat_id",
             idJson(chat == sending.memo.end() ? settings_.option("chat") : chat->second)},
            {"text", jsonString(textOf(story, sending.plain))},
            {"link_preview_options", jsonObject({{"is_disabled", "true"}})}};
        if (!sending.plain) members.emplace_back("parse_mode", R"("HTML")");
        const Step step = stepOf(sending);
        if (step == Step::Update)
            members.emplace_back("message_id", idJson(sending.memo.at("message")));
        if (step == Step::Reply)
            members.emplace_back("reply_parameters",
                                 jsonObject({{"message_id", idJson(sending.memo.at("message"))},
                                             {"allow_sending_without_reply", "true"}}));
        if (step != Step::Update && !settings_.option("topic").empty())
            members.emplace_back("message_thread_id", idJson(settings_.option("topic")));
        return members;
    }

    static AttemptResult judgeYes(const Sending& sending, const Answer& answer, const Json& said) {
        const Json& message = said["result"]["message_id"];
        const Json& chat = said["result"]["chat"]["id"];
        if (answer.status != 200 || !said["ok"].isTrue() || !message.count() || !chat.isNumber())
            return {Outcome::BadDestination,
                    fmt::format("HTTP {}, but not Telegram's answer", answer.status), std::nullopt};
        AttemptResult result{Outcome::Delivered, "HTTP 200: delivered", std::nullopt};
        const Step step = stepOf(sending);
        if (step == Step::Root) result.memo = Memo{{"chat", chat.text}, {"message", message.text}};
        result.more = step == Step::Update;
        return result;
    }

    // A 400 is about the message only when the description says nothing of the chat.
    static AttemptResult judgeRefusal(const Sending& sending, std::string_view description) {
        const bool isUpdate = stepOf(sending) == Step::Update;
        if (isUpdate && hasAny(description, {"message is not modified"})) {
            AttemptResult result{Outcome::Delivered, "the message is unchanged", std::nullopt};
            result.more = true;
            return result;
        }
        if (isUpdate && hasAny(description, {"message to edit not found", "message can't be edited",
                                             "MESSAGE_ID_INVALID"}))
            return {Outcome::Transient, "the incident's message is gone: a new one follows",
                    Seconds(1), Memo{}};
        if (hasAny(description, {"chat not found", "chat_id is empty", "thread not found", "TOPIC_",
                                 "not enough rights", "no rights", "administrator rights",
                                 "CHAT_WRITE_FORBIDDEN", "PEER_ID_INVALID"}))
            return {Outcome::BadDestination, "HTTP 400: the chat or its topic is refused",
                    std::nullopt};
        return {Outcome::BadPayload, "HTTP 400: the message is refused", std::nullopt};
    }

    ChannelSettings settings_;
    std::string externalUrl_;
};

std::unique_ptr<Channel> makeTelegram(const ChannelSettings& settings,
                                      const std::string& externalUrl) {
    return std::make_unique<Telegram>(settings, externalUrl);
}

constexpr OptionSpec telegramKeys[] = {
    {.key = "bot_token",
     .kind = OptionSpec::Kind::Secret,
     .help = "Token of the bot.",
     .example = "change-me",
     .fileExample = "/etc/driftkeeper/telegram",
     .needed = true},
    {.key = "chat",
     .kind = OptionSpec::Kind::Words,
     .help = "Id or @name of the chat.",
     .example = R"("-1001234567890")",
     .needed = true},
    {.key = "topic",
     .kind = OptionSpec::Kind::Words,
     .help = "Id of a topic of the chat.",
     .example = R"("7")"},
    {.key = "url",
     .kind = OptionSpec::Kind::SecretUrl,
     .help = "URL of the service. Default: https://api.telegram.org.",
     .example = "https://api.telegram.org",
     .fileExample = "/etc/driftkeeper/telegram-url"},
};

}  // namespace
}  // namespace telegram

extern constinit const ChannelKind telegramChannel{
    .name = "telegram",
    .help = "A bot that posts to a chat.",
    .options = telegram::telegramKeys,
    .make = telegram::makeTelegram,
};

}  // namespace driftkeeper
