#include <fmt/format.h>

#include <utility>

#include "daemon/notify/channel.hpp"
#include "daemon/notify/secret.hpp"
#include "daemon/notify/status.hpp"
#include "daemon/notify/story.hpp"
#include "daemon/notify/wording.hpp"
#include "parsers/json/json_string.hpp"
#include "parsers/json/json_writer.hpp"

// Jira Service Management's integration events, and Opsgenie by its URL: an incident is one alert
// under its own id as the alias. A second alert of an alias is only counted, so what changed is a
// note. Requests are queued there: nothing is ever more than accepted. Source:
// developer.atlassian.com/cloud/jira/service-desk-ops, "Integration events".
namespace driftkeeper {
namespace jira_service_management {
namespace {

constexpr std::string_view usualBase = "https://api.atlassian.com/jsm/ops/integration";
constexpr std::size_t mostMessage = 130;
constexpr std::size_t mostDescription = 15'000;
constexpr std::size_t mostPlain = 1000;
constexpr std::size_t mostEntity = 512;

std::string_view priorityOf(Severity severity) {
    switch (severity) {
        case Severity::Critical:
            return "P1";
        case Severity::Warning:
            return "P3";
        case Severity::Info:
            break;
    }
    return "P5";
}

std::string textOf(const Story& story, bool plain) {
    return setBody(story, plainMarkup, plain ? mostPlain : mostDescription);
}

std::string entityOf(const Notice& notice) {
    return oneLine(notice.stacks.size() == 1 ? notice.stacks.front().stack : notice.subject,
                   mostEntity);
}

class JiraServiceManagement final : public Channel {
public:
    JiraServiceManagement(ChannelSettings settings, std::string externalUrl)
        : settings_(std::move(settings)), externalUrl_(std::move(externalUrl)) {}

    Result<Request> render(const Sending& sending) const override {
        const Result<std::string> key = readSecret(settings_, "api_key");
        if (!key) return std::unexpected(key.error());
        const Result<std::string> base = baseUrl(settings_, usualBase);
        if (!base) return std::unexpected(base.error());
        const Story story = storyOf(sending.notice, settings_.showValues, externalUrl_);
        HttpRequest request;
        request.url = *base + pathOf(sending);
        request.headers = {{"Content-Type", "application/json"},
                           {"Authorization", "GenieKey " + *key}};
        request.body = jsonObject(stepOf(sending) == Step::Alert ? alert(sending, story)
                                                                 : note(sending, story));
        return request;
    }

    AttemptResult judge(const Sending& sending, const Answer& answer) const override {
        AttemptResult result = judgeStatus(answer, sending.now);
        if (result.outcome == Outcome::Delivered)  // a request that was taken is 202, nothing else
            return {Outcome::BadDestination,
                    fmt::format("HTTP {}, but not Jira Service Management's answer", answer.status),
                    std::nullopt};
        result.more = result.outcome == Outcome::Accepted && stepOf(sending) == Step::Alert &&
                      sending.notice.event == Event::Changed;
        return result;
    }

private:
    enum class Step { Alert, Note, Close };

    static Step stepOf(const Sending& sending) {
        if (sending.notice.event == Event::Resolved) return Step::Close;
        return sending.step == 0 ? Step::Alert : Step::Note;
    }

    // An incident's id is a UUID: nothing in it needs an escape.
    static std::string pathOf(const Sending& sending) {
        switch (stepOf(sending)) {
            case Step::Alert:
                break;
            case Step::Note:
                return "/v2/alerts/" + sending.notice.incidentId + "/notes?identifierType=alias";
            case Step::Close:
                return "/v2/alerts/" + sending.notice.incidentId + "/close?identifierType=alias";
        }
        return "/v2/alerts";
    }

    static std::vector<JsonMember> alert(const Sending& sending, const Story& story) {
        std::vector<JsonMember> members = {
            {"message", jsonString(oneLine(story.title, mostMessage))},
            {"alias", jsonString(sending.notice.incidentId)},
            {"description", jsonString(textOf(story, sending.plain))},
            {"priority", jsonString(priorityOf(story.severity))}};
        if (sending.plain) return members;
        members.emplace_back("entity", jsonString(entityOf(sending.notice)));
        members.emplace_back("source", jsonString("driftkeeper"));
        members.emplace_back(
            "tags", jsonArray({jsonString("driftkeeper"), jsonString(name(sending.notice.kind))}));
        return members;
    }

    static std::vector<JsonMember> note(const Sending& sending, const Story& story) {
        const std::string text =
            oneLine(story.title, mostMessage) + "\n" + textOf(story, sending.plain);
        return {{"note", jsonString(text)}, {"source", jsonString("driftkeeper")}};
    }

    ChannelSettings settings_;
    std::string externalUrl_;
};

std::unique_ptr<Channel> makeJiraServiceManagement(const ChannelSettings& settings,
                                                   const std::string& externalUrl) {
    return std::make_unique<JiraServiceManagement>(settings, externalUrl);
}

constexpr OptionSpec jiraServiceManagementKeys[] = {
    {.key = "api_key",
     .kind = OptionSpec::Kind::Secret,
     .help = "API key of the integration.",
     .example = "change-me",
     .fileExample = "/etc/driftkeeper/jsm",
     .needed = true},
    {.key = "url",
     .kind = OptionSpec::Kind::SecretUrl,
     .help = "URL of the service. Default: https://api.atlassian.com/jsm/ops/integration.",
     .example = "https://api.atlassian.com/jsm/ops/integration",
     .fileExample = "/etc/driftkeeper/jsm-url"},
};

}  // namespace
}  // namespace jira_service_management

extern constinit const ChannelKind jiraServiceManagementChannel{
    .name = "jira_service_management",
    .help = "Jira Service Management; Opsgenie, with url https://api.opsgenie.com.",
    .options = jira_service_management::jiraServiceManagementKeys,
    .keepsOpen = true,
    .make = jira_service_management::makeJiraServiceManagement,
};

}  // namespace driftkeeper
