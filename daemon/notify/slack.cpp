#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>

#include "daemon/notify/channels.hpp"
#include "daemon/notify/secret.hpp"
#include "daemon/notify/slack_message.hpp"
#include "daemon/notify/status.hpp"
#include "daemon/notify/wording.hpp"
#include "daemon/present/text.hpp"

namespace driftkeeper {
namespace {

constexpr std::size_t maxAttributes = 3;
constexpr std::size_t plainDrifts = 10;

std::string shortTime(TimePoint time) {
    return utcText(std::chrono::floor<std::chrono::seconds>(time));
}

std::string attributeLine(const AttributeDrift& attribute, bool showValues) {
    const std::string path = slackCode(attribute.path, 120);
    if (!showValues) return fmt::format("\n• {}", path);
    return fmt::format("\n• {}: {} → {}", path, slackCode(shownValue(attribute.git, 80), 160),
                       slackCode(shownValue(attribute.live, 80), 160));
}

// "*live modified* `aws_security_group.web` · critical · replaces it · since …" and its first attributes, old → new.
std::string driftSection(const ShownDrift& shown, bool isNew, bool showValues) {
    const Drift& drift = shown.drift;
    std::string text = fmt::format("{}*{}* {} · {}", isNew ? "new: " : "", whatMoved(drift),
                                   slackCode(drift.address, 300), name(drift.severity));
    if (drift.replace) text += " · replacement";
    if (drift.dependents > 0) text += fmt::format(" · {}", counted(drift.dependents, "dependent"));
    if (shown.firstSeen) text += fmt::format(" · since {}", shortTime(*shown.firstSeen));
    const std::size_t count = std::min(drift.attributes.size(), maxAttributes);
    for (std::size_t i = 0; i < count; ++i) text += attributeLine(drift.attributes[i], showValues);
    if (count < drift.attributes.size())
        text += fmt::format("\n+{} more", counted(drift.attributes.size() - count, "attribute"));
    return text;
}

// Stack, commit, provider and owner: where to look, and whom to ask.
std::string stackLine(const StackObject& stack) {
    std::string text = slackCode(stack.stack, 300);
    if (!stack.commit.empty()) text += fmt::format(" · commit {}", slackCode(stack.commit.substr(0, 10), 30));
    if (!stack.provider.empty()) text += fmt::format(" · {}", slackText(stack.provider, 60));
    if (!stack.workspace.empty() && stack.workspace != "default")
        text += fmt::format(" · workspace {}", slackCode(stack.workspace, 100));
    if (!stack.owner.empty()) text += fmt::format(" · owner {}", slackCode(stack.owner, 200));
    return text;
}

std::string incidentLine(const Notice& notice) {
    std::string text = fmt::format("{} · ", name(notice.event));
    if (notice.event != Event::Resolved) text += fmt::format("severity {} · ", name(highestSeverity(notice)));
    text += fmt::format("since {}", shortTime(notice.opened));
    return notice.resolution.empty() ? text : text + " · " + slackText(notice.resolution, 60);
}

std::string resolvedLine(const Notice::Address& address) {
    return fmt::format("✓ {} {}", slackCode(address.address, 300),
                       slackText(address.resolution.empty() ? "resolved" : address.resolution, 60));
}

bool isIn(const std::vector<Notice::Address>& addresses, const std::string& stack, const std::string& address) {
    return std::any_of(addresses.begin(), addresses.end(),
                       [&](const Notice::Address& one) { return one.stack == stack && one.address == address; });
}

// Writes one notice into a message until the message is full, and counts what it left out.
class SlackWriter {
public:
    SlackWriter(const Notice& notice, bool showValues) : notice_(notice), showValues_(showValues) {}

    std::string write(const std::string& externalUrl, const std::string& fallback) {
        message_.header((notice_.event == Event::Changed ? "Changed: " : "") + headline(notice_));
        put(message_.context(incidentLine(notice_)));
        if (!notice_.text.empty()) put(message_.section(slackText(notice_.text, 1000)));
        writeStacks();
        for (const Notice::Address& address : notice_.resolvedAddresses)
            if (leftOut_ > 0 || !message_.context(resolvedLine(address))) ++leftOut_;
        writeFooter(externalUrl);
        return message_.json(fallback);
    }

private:
    // After the first refusal everything is left out: a later, smaller piece would look as if nothing came before it.
    void put(bool added) { leftOut_ += added ? 0 : 1; }

    void writeStacks() {
        for (const StackObject& stack : notice_.stacks) {
            if (leftOut_ > 0) {
                leftOut_ += stack.drifts.size();
                continue;
            }
            put(message_.context(stackLine(stack)));
            if (notice_.event != Event::Resolved) writeDrifts(stack);
        }
    }

    void writeDrifts(const StackObject& stack) {
        for (const ShownDrift* shown : bySeverity(stack))
            if (leftOut_ > 0 || !message_.section(driftSection(*shown, isNew(stack, *shown), showValues_))) ++leftOut_;
    }

    bool isNew(const StackObject& stack, const ShownDrift& shown) const {
        return notice_.event == Event::Changed && isIn(notice_.openedAddresses, stack.stack, shown.drift.address);
    }

    void writeFooter(const std::string& externalUrl) {
        std::string text = leftOut_ > 0 ? fmt::format("+{} more", leftOut_) : "";
        if (externalUrl.starts_with("http"))
            text += fmt::format("{}{}", text.empty() ? "" : " · ", slackText(externalUrl, 300));
        if (!text.empty()) message_.footer(text);
    }

    const Notice& notice_;
    bool showValues_;
    SlackMessage message_;
    std::size_t leftOut_ = 0;
};

// The notice in a few lines of text: stacks and addresses, no attributes.
std::string plainText(const Notice& notice) {
    std::string text = slackText(headline(notice), 300);
    if (!notice.text.empty()) text += "\n" + slackText(notice.text, 500);
    if (notice.event == Event::Resolved) return text;
    std::size_t shown = 0;
    for (const StackObject& stack : notice.stacks)
        for (const ShownDrift* drift : bySeverity(stack))
            if (shown < plainDrifts && ++shown)
                text += fmt::format("\n{}: {}", slackText(drift->drift.address, 250), whatMoved(drift->drift));
    if (shown < countDrifts(notice)) text += fmt::format("\n+{} more", countDrifts(notice) - shown);
    return text;
}

// What Slack says in the body of an answer, whatever its status.
struct SlackWord {
    std::string_view word;
    Outcome outcome;
};
constexpr std::array slackWords = {SlackWord{"invalid_payload", Outcome::BadPayload},
                                   SlackWord{"invalid_blocks", Outcome::BadPayload},
                                   SlackWord{"invalid_blocks_format", Outcome::BadPayload},
                                   SlackWord{"msg_blocks_too_long", Outcome::BadPayload},
                                   SlackWord{"no_text", Outcome::BadPayload},
                                   SlackWord{"too_many_attachments", Outcome::BadPayload},
                                   SlackWord{"user_not_found", Outcome::BadDestination},
                                   SlackWord{"channel_not_found", Outcome::BadDestination},
                                   SlackWord{"no_service", Outcome::BadDestination},
                                   SlackWord{"no_service_id", Outcome::BadDestination},
                                   SlackWord{"no_team", Outcome::BadDestination},
                                   SlackWord{"team_disabled", Outcome::BadDestination},
                                   SlackWord{"invalid_token", Outcome::BadDestination},
                                   SlackWord{"action_prohibited", Outcome::BadDestination},
                                   SlackWord{"channel_is_archived", Outcome::BadDestination},
                                   SlackWord{"rollup_error", Outcome::Transient},
                                   SlackWord{"internal_error", Outcome::Transient},
                                   SlackWord{"service_unavailable", Outcome::Transient},
                                   SlackWord{"request_timeout", Outcome::Transient},
                                   SlackWord{"ratelimited", Outcome::Throttled},
                                   SlackWord{"fatal_error", Outcome::Ambiguous}};

AttemptResult judgeWord(const SlackWord& said, AttemptResult result) {
    result.outcome = said.outcome;
    result.text = fmt::format("Slack says {}", said.word);
    return result;
}

class Slack final : public Channel {
public:
    Slack(ChannelSettings settings, std::string externalUrl)
        : settings_(std::move(settings)), externalUrl_(std::move(externalUrl)) {}

    Result<HttpRequest> render(const Notice& notice, TimePoint, bool plain) const override {
        Result<std::string> url = readSecret(settings_.url, "webhook_url");
        if (!url) return std::unexpected(url.error());
        HttpRequest request;
        request.url = std::move(*url);
        request.headers = {{"Content-Type", "application/json; charset=utf-8"}};
        request.body =
            plain ? SlackMessage::plainJson(plainText(notice))
                  : SlackWriter(notice, settings_.showValues).write(externalUrl_, slackText(headline(notice), 300));
        return request;
    }

    AttemptResult judge(const HttpAnswer& answer, TimePoint now) const override {
        AttemptResult result = judgeStatus(answer, now);
        if (answer.status == 0) return result;
        if (answer.status == 200 && answer.body == "ok") return result;
        for (const SlackWord& said : slackWords)
            if (answer.body == said.word && result.outcome != Outcome::Throttled) return judgeWord(said, result);
        if (result.outcome == Outcome::Delivered || result.outcome == Outcome::Accepted) {
            result.outcome = Outcome::BadDestination;
            result.text = fmt::format("HTTP {}, but not Slack's answer", answer.status);
        }
        return result;
    }

private:
    ChannelSettings settings_;
    std::string externalUrl_;
};

}  // namespace

std::unique_ptr<Channel> makeSlack(const ChannelSettings& settings, const std::string& externalUrl) {
    return std::make_unique<Slack>(settings, externalUrl);
}

}  // namespace driftkeeper
