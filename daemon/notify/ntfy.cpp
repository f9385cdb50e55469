#include <fmt/format.h>

#include <utility>

#include "daemon/notify/channel.hpp"
#include "daemon/notify/secret.hpp"
#include "daemon/notify/status.hpp"
#include "daemon/notify/story.hpp"
#include "daemon/notify/wording.hpp"
#include "parsers/json/json.hpp"
#include "parsers/json/json_string.hpp"
#include "parsers/json/json_writer.hpp"

// An ntfy topic: one message a notice, published as JSON to the root of the server.
// Source: docs.ntfy.sh/publish, "Publish as JSON"; the codes of errors: server/errors.go of
// binwiederhier/ntfy.
namespace driftkeeper {
namespace ntfy {
namespace {

constexpr std::string_view usualBase = "https://ntfy.sh";
// A longer message than 4,096 bytes becomes a file, and the whole JSON may have 8,192 bytes; its
// escapes may double every byte of the message.
constexpr std::size_t mostMessage = 3000;
constexpr std::size_t mostPlain = 1000;
constexpr std::size_t mostTitle = 250;
constexpr std::size_t mostLink = 500;

// 1 to 5; 3 makes the usual sound.
std::string_view priorityOf(const Story& story) {
    if (story.isResolved) return "3";
    switch (story.severity) {
        case Severity::Critical:
            return "5";
        case Severity::Warning:
            return "4";
        case Severity::Info:
            break;
    }
    return "2";
}

// The short code of an emoji, which stands before the title.
std::string_view tagOf(const Story& story) {
    if (story.isResolved) return "white_check_mark";
    switch (story.severity) {
        case Severity::Critical:
            return "rotating_light";
        case Severity::Warning:
            return "warning";
        case Severity::Info:
            break;
    }
    return "information_source";
}

// Lines of a paragraph only stay apart with two spaces before their end.
Markup markup() {
    Markup lines = markdownMarkup;
    lines.lineEnd = "  \n";
    return lines;
}

class Ntfy final : public Channel {
public:
    Ntfy(ChannelSettings settings, std::string externalUrl)
        : settings_(std::move(settings)), externalUrl_(std::move(externalUrl)) {}

    Result<Request> render(const Sending& sending) const override {
        const Result<std::string> base = baseUrl(settings_, usualBase);
        if (!base) return std::unexpected(base.error());
        HttpRequest request;
        request.url = *base + "/";
        request.headers = {{"Content-Type", "application/json"}};
        request.body = jsonObject(message(sending));
        if (!settings_.secret("token").given()) return request;
        const Result<std::string> token = readSecret(settings_, "token");
        if (!token) return std::unexpected(token.error());
        request.headers["Authorization"] = "Bearer " + *token;
        return request;
    }

    AttemptResult judge(const Sending& sending, const Answer& answer) const override {
        AttemptResult result = judgeStatus(answer, sending.now);
        const Json said = readJson(answer.body).value_or(Json());
        const bool isTheirs = answer.status == 200 && !said["id"].string().empty();
        if (!isTheirs && isTaken(result.outcome))
            return {Outcome::BadDestination,
                    fmt::format("HTTP {}, but not ntfy's answer", answer.status), std::nullopt};
        constexpr std::uint64_t topicInvalid = 40009;
        constexpr std::uint64_t topicDisallowed = 40010;
        const auto code = said["code"].count().value_or(0);
        if (answer.status == 400 && (code == topicInvalid || code == topicDisallowed))
            return {Outcome::BadDestination, "ntfy refuses the name of the topic", std::nullopt};
        return result;
    }

private:
    std::vector<JsonMember> message(const Sending& sending) const {
        Story story = storyOf(sending.notice, settings_.showValues, externalUrl_);
        const std::string link =
            std::exchange(story.link, "");  // a touch on the message follows it
        const std::string text = sending.plain ? setBody(story, plainMarkup, mostPlain)
                                               : setBody(story, markup(), mostMessage);
        std::vector<JsonMember> members = {{"topic", jsonString(settings_.option("topic"))},
                                           {"title", jsonString(oneLine(story.title, mostTitle))},
                                           {"message", jsonString(text)}};
        if (!link.empty() && link.size() <= mostLink)
            members.emplace_back("click", jsonString(link));
        if (sending.plain) return members;
        members.emplace_back("markdown", "true");
        members.emplace_back("priority", priorityOf(story));
        members.emplace_back("tags", jsonArray({jsonString(tagOf(story))}));
        return members;
    }

    ChannelSettings settings_;
    std::string externalUrl_;
};

std::unique_ptr<Channel> makeNtfy(const ChannelSettings& settings, const std::string& externalUrl) {
    return std::make_unique<Ntfy>(settings, externalUrl);
}

constexpr OptionSpec ntfyKeys[] = {
    {.key = "topic",
     .kind = OptionSpec::Kind::Words,
     .help = "Topic to publish to.",
     .example = "drift",
     .needed = true},
    {.key = "token",
     .kind = OptionSpec::Kind::Secret,
     .help = "Access token, for a protected topic.",
     .example = "change-me",
     .fileExample = "/etc/driftkeeper/ntfy"},
    {.key = "url",
     .kind = OptionSpec::Kind::SecretUrl,
     .help = "URL of the service. Default: https://ntfy.sh.",
     .example = "https://ntfy.sh",
     .fileExample = "/etc/driftkeeper/ntfy-url"},
};

}  // namespace
}  // namespace ntfy

extern constinit const ChannelKind ntfyChannel{
    .name = "ntfy",
    .help = "Push messages.",
    .options = ntfy::ntfyKeys,
    .make = ntfy::makeNtfy,
};

}  // namespace driftkeeper
