#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <utility>

#include "daemon/notify/channel.hpp"
#include "daemon/notify/secret.hpp"
#include "daemon/notify/status.hpp"
#include "daemon/notify/story.hpp"
#include "parsers/json/json.hpp"
#include "parsers/json/json_string.hpp"
#include "parsers/json/json_writer.hpp"

// A Discord webhook: one message an incident, edited in place, and a new message for what happened
// since, because an edit calls nobody. Source: discord.com/developers/docs (resources/webhook,
// resources/message, topics/rate-limits).
namespace driftkeeper {
namespace discord {
namespace {

constexpr std::size_t mostTitle = 300;
constexpr std::size_t mostDescription = 4096;  // Discord's own limit
constexpr std::size_t mostPlain = 1500;        // content: 2000

int colourOf(const Story& story) {
    if (story.isResolved) return 0x2ecc71;
    switch (story.severity) {
        case Severity::Critical:
            return 0xe74c3c;
        case Severity::Warning:
            return 0xf1c40f;
        case Severity::Info:
            break;
    }
    return 0x3498db;
}

// An edit replaces only the members that it names, so every message names all of them.
std::string message(const std::string& content, const std::vector<std::string>& embeds) {
    return jsonObject({{"content", jsonString(content)},
                       {"embeds", jsonArray(embeds)},
                       {"allowed_mentions", jsonObject({{"parse", "[]"}})}});
}

std::string fullMessage(const Story& story) {
    const std::string embed =
        jsonObject({{"description", jsonString(setBody(story, markdownMarkup, mostDescription))},
                    {"color", std::to_string(colourOf(story))}});
    return message(markdownMarkup.strong(story.title, mostTitle), {embed});
}

std::string plainMessage(const Story& story) {
    const Markup words{markdownMarkup.text, markdownMarkup.text, markdownMarkup.text,
                       markdownMarkup.link};
    return message(words.text(story.title, mostTitle) + "\n" + setBody(story, words, mostPlain),
                   {});
}

bool isId(const std::string& text) {
    return !text.empty() && text.find_first_not_of("0123456789") == std::string::npos;
}

// Discord's JSON error codes.
bool isPastEditing(std::uint64_t code) {
    constexpr std::uint64_t unknownMessage = 10008;
    constexpr std::uint64_t tooManyOldEdits = 30046;
    constexpr std::uint64_t archivedThread = 50083;  // a new message opens the thread again
    return code == unknownMessage || code == tooManyOldEdits || code == archivedThread;
}

// What a webhook cannot do where it points to: a forum needs a thread, a thread may be locked.
bool isWrongPlace(std::uint64_t code) {
    constexpr std::uint64_t lockedThread = 160005;
    return code == lockedThread || (code >= 220001 && code <= 220004);
}

class Discord final : public Channel {
public:
    Discord(ChannelSettings settings, std::string externalUrl)
        : settings_(std::move(settings)), externalUrl_(std::move(externalUrl)) {}

    Result<Request> render(const Sending& sending) const override {
        const Result<std::string> webhook = readSecret(settings_, "webhook_url");
        if (!webhook) return std::unexpected(webhook.error());
        const Story story = storyOf(sending.notice, settings_.showValues, externalUrl_);
        const bool isUpdate = stepOf(sending) == Step::Update;
        HttpRequest request;
        request.method = isUpdate ? "PATCH" : "POST";
        request.url = urlOf(*webhook, isUpdate ? sending.memo.at("message") : "");
        request.headers = {{"Content-Type", "application/json"}};
        request.body = sending.plain ? plainMessage(story) : fullMessage(story);
        return request;
    }

    AttemptResult judge(const Sending& sending, const Answer& answer) const override {
        AttemptResult result = judgeStatus(answer, sending.now);
        const Json said = readJson(answer.body).value_or(Json());
        if (isTaken(result.outcome)) return judgeYes(sending, answer, said);
        const std::uint64_t code = said["code"].count().value_or(0);
        if (stepOf(sending) == Step::Update && isPastEditing(code))
            return {Outcome::Transient,
                    "the incident's message cannot be edited any more: a new one follows",
                    Seconds(1), Memo{}};
        if (isWrongPlace(code))
            return {Outcome::BadDestination,
                    fmt::format("HTTP {}: the webhook cannot post there", answer.status),
                    std::nullopt};
        const auto wish = said["retry_after"].number();
        if (result.outcome == Outcome::Throttled && wish)
            result.retryAfter =
                Seconds(static_cast<Seconds::rep>(std::ceil(std::clamp(*wish, 0.0, 86'400.0))));
        return result;
    }

private:
    enum class Step { Root, Update, News };

    // A reminder is a new message alone: the first one says nothing new.
    static Step stepOf(const Sending& sending) {
        if (!sending.memo.contains("message")) return Step::Root;
        return sending.step == 0 && sending.notice.event != Event::Reminder ? Step::Update
                                                                            : Step::News;
    }

    // `wait`: answer when the message is stored, not before. The webhook may have a query of its
    // own.
    std::string urlOf(const std::string& webhook, const std::string& message) const {
        const auto mark = webhook.find('?');
        std::string url = webhook.substr(0, mark);
        while (url.ends_with('/')) url.pop_back();
        std::string query = mark == std::string::npos ? "" : webhook.substr(mark + 1);
        const auto ask = [&](const std::string& what) {
            query += (query.empty() ? "" : "&") + what;
        };
        if (message.empty())
            ask("wait=true");
        else
            url += "/messages/" + message;
        if (!settings_.option("thread").empty()) ask("thread_id=" + settings_.option("thread"));
        return query.empty() ? url : url + "?" + query;
    }

    static AttemptResult judgeYes(const Sending& sending, const Answer& answer, const Json& said) {
        AttemptResult result;
        const Step step = stepOf(sending);
        const std::string id(said["id"].string());
        if (answer.status == 200 && isId(id)) {
            result = {Outcome::Delivered, "HTTP 200: delivered", std::nullopt};
            if (step == Step::Root) result.memo = Memo{{"message", id}};
        } else if (answer.status == 204) {
            result = {Outcome::Accepted, "HTTP 204: accepted without the message's id",
                      std::nullopt};
        } else {
            return {Outcome::BadDestination,
                    fmt::format("HTTP {}, but not Discord's answer", answer.status), std::nullopt};
        }
        result.more = step == Step::Update;
        return result;
    }

    ChannelSettings settings_;
    std::string externalUrl_;
};

std::unique_ptr<Channel> makeDiscord(const ChannelSettings& settings,
                                     const std::string& externalUrl) {
    return std::make_unique<Discord>(settings, externalUrl);
}

constexpr OptionSpec discordKeys[] = {
    {.key = "webhook_url",
     .kind = OptionSpec::Kind::SecretUrl,
     .help = "URL of the webhook.",
     .example = "https://discord.com/api/webhooks/change-me",
     .fileExample = "/etc/driftkeeper/discord",
     .needed = true},
    {.key = "thread",
     .kind = OptionSpec::Kind::Words,
     .help = "Id of a thread of the channel.",
     .example = R"("1234567890")"},
};

}  // namespace
}  // namespace discord

extern constinit const ChannelKind discordChannel{
    .name = "discord",
    .help = "A webhook of a Discord channel.",
    .options = discord::discordKeys,
    .make = discord::makeDiscord,
};

}  // namespace driftkeeper
