#include <fmt/format.h>

#include <utility>

#include "daemon/notify/channel.hpp"
#include "daemon/notify/secret.hpp"
#include "daemon/notify/status.hpp"
#include "daemon/notify/story.hpp"
#include "daemon/notify/wording.hpp"
#include "parsers/json/json_string.hpp"
#include "parsers/json/json_writer.hpp"

// PagerDuty's Events API v2: an incident is one alert under its own id as the key. PagerDuty takes
// an event and answers before it looks at it, so nothing is ever more than accepted. Source:
// developer.pagerduty.com/docs/events-api-v2/trigger-events.
namespace driftkeeper {
namespace pagerduty {
namespace {

constexpr std::string_view usualBase = "https://events.pagerduty.com";
constexpr std::size_t mostSummary = 1024;  // PagerDuty's own limit
constexpr std::size_t mostSource = 255;
// An event has 512 KB. JSON's escapes may double a text, and an orchestration rule reads no more
// than this anyway.
constexpr std::size_t mostDetails = 100'000;

std::string sourceOf(const Notice& notice) {
    const std::string& source =
        notice.stacks.size() == 1 ? notice.stacks.front().stack : notice.subject;
    return source.empty() ? "driftkeeper" : oneLine(source, mostSource);
}

std::string attributesOf(const Story::Drift& drift) {
    std::vector<std::string> texts;
    for (const auto& attribute : drift.attributes) {
        std::string text = oneLine(attribute.path, 120);
        if (!attribute.from.empty() || !attribute.to.empty())
            text +=
                fmt::format(": {} → {}", oneLine(attribute.from, 160), oneLine(attribute.to, 160));
        texts.push_back(jsonString(text));
    }
    return jsonArray(texts);
}

// The worst drift in single members, for rules that route by them; then everything, for people.
std::string details(const Notice& notice, const Story& story) {
    std::vector<JsonMember> members;
    for (std::size_t i = 0; i < notice.stacks.size() && members.empty(); ++i) {
        const auto drifts = bySeverity(notice.stacks[i]);
        if (drifts.empty()) continue;
        const Drift& worst = drifts.front()->drift;
        members = {{"stack", jsonString(oneLine(notice.stacks[i].stack, 300))},
                   {"side", jsonString(name(worst.side))},
                   {"change", jsonString(name(worst.change))},
                   {"attributes", attributesOf(story.stacks[i].drifts.front())},
                   {"resource", jsonString(oneLine(worst.address, 300))}};
    }
    members.emplace_back("details", jsonString(setBody(story, plainMarkup, mostDetails)));
    return jsonObject(members);
}

// The key is a part of the body, so a wrong one is a bad request to PagerDuty.
bool refusesKey(const Answer& answer) {
    return answer.status == 400 && (answer.body.find("routing_key") != std::string::npos ||
                                    answer.body.find("routing key") != std::string::npos ||
                                    answer.body.find("invalid key") != std::string::npos);
}

class PagerDuty final : public Channel {
public:
    PagerDuty(ChannelSettings settings, std::string externalUrl)
        : settings_(std::move(settings)), externalUrl_(std::move(externalUrl)) {}

    Result<Request> render(const Sending& sending) const override {
        const Result<std::string> key = readSecret(settings_, "routing_key");
        if (!key) return std::unexpected(key.error());
        const Result<std::string> base = baseUrl(settings_, usualBase);
        if (!base) return std::unexpected(base.error());
        HttpRequest request;
        request.url = *base + "/v2/enqueue";
        request.headers = {{"Content-Type", "application/json"}};
        request.body = jsonObject(event(sending, *key));
        return request;
    }

    AttemptResult judge(const Sending& sending, const Answer& answer) const override {
        AttemptResult result = judgeStatus(answer, sending.now);
        if (refusesKey(answer))
            return {Outcome::BadDestination, "PagerDuty refuses the routing key", std::nullopt};
        if (result.outcome == Outcome::Delivered)  // an event that was taken is 202, nothing else
            return {Outcome::BadDestination,
                    fmt::format("HTTP {}, but not PagerDuty's answer", answer.status),
                    std::nullopt};
        return result;
    }

private:
    std::vector<JsonMember> event(const Sending& sending, const std::string& key) const {
        const Notice& notice = sending.notice;
        const bool ends = notice.event == Event::Resolved;
        std::vector<JsonMember> members = {
            {"routing_key", jsonString(key)},
            {"event_action", jsonString(ends ? "resolve" : "trigger")},
            {"dedup_key", jsonString(notice.incidentId)}};
        if (ends) return members;
        const Story story = storyOf(notice, settings_.showValues, externalUrl_);
        members.emplace_back("payload", payload(sending, story));
        if (sending.plain) return members;
        members.emplace_back("client", jsonString("driftkeeper"));
        if (story.link.empty()) return members;
        members.emplace_back("client_url", jsonString(story.link));
        const std::string link =
            jsonObject({{"href", jsonString(story.link)}, {"text", jsonString("Incident")}});
        members.emplace_back("links", jsonArray({link}));
        return members;
    }

    static std::string payload(const Sending& sending, const Story& story) {
        std::vector<JsonMember> members = {
            {"summary", jsonString(oneLine(story.title, mostSummary))},
            {"source", jsonString(sourceOf(sending.notice))},
            {"severity", jsonString(name(story.severity))}};
        if (sending.plain) return jsonObject(members);
        members.emplace_back("class", jsonString(name(sending.notice.kind)));
        members.emplace_back("custom_details", details(sending.notice, story));
        return jsonObject(members);
    }

    ChannelSettings settings_;
    std::string externalUrl_;
};

std::unique_ptr<Channel> makePagerDuty(const ChannelSettings& settings,
                                       const std::string& externalUrl) {
    return std::make_unique<PagerDuty>(settings, externalUrl);
}

constexpr OptionSpec pagerDutyKeys[] = {
    {.key = "routing_key",
     .kind = OptionSpec::Kind::Secret,
     .help = "Routing key of the integration.",
     .example = "change-me",
     .fileExample = "/etc/driftkeeper/pagerduty",
     .needed = true},
    {.key = "url",
     .kind = OptionSpec::Kind::SecretUrl,
     .help = "URL of the service. Default: https://events.pagerduty.com; in the EU: "
             "https://events.eu.pagerduty.com.",
     .example = "https://events.pagerduty.com",
     .fileExample = "/etc/driftkeeper/pagerduty-url"},
};

}  // namespace
}  // namespace pagerduty

extern constinit const ChannelKind pagerDutyChannel{
    .name = "pagerduty",
    .help = "Events API v2.",
    .options = pagerduty::pagerDutyKeys,
    .keepsOpen = true,
    .make = pagerduty::makePagerDuty,
};

}  // namespace driftkeeper
