#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "daemon/notify/channel.hpp"
#include "daemon/notify/secret.hpp"
#include "daemon/notify/status.hpp"
#include "daemon/notify/wording.hpp"
#include "daemon/wording/check_text.hpp"
#include "daemon/wording/shown_value.hpp"
#include "parsers/json/json_string.hpp"
#include "parsers/json/json_writer.hpp"

namespace driftkeeper {
namespace alertmanager {
namespace {

// Longer than the time between two refreshes: an alert ends by itself when the daemon is gone.
constexpr std::chrono::minutes keptFiring{5};
constexpr std::size_t maxLabel = 1024;
constexpr std::size_t maxOwners = 1000;
constexpr std::size_t maxDescription = 4000;
constexpr std::size_t maxDrifts = 20;
constexpr std::size_t maxAttributes = 5;

std::string_view alertName(IncidentKind kind) {
    switch (kind) {
        case IncidentKind::Drift:
            return "DriftkeeperDrift";
        case IncidentKind::Stale:
            return "DriftkeeperStale";
        case IncidentKind::Repository:
            return "DriftkeeperRepository";
        case IncidentKind::Channel:
            return "DriftkeeperChannel";
        case IncidentKind::Ownership:
            return "DriftkeeperOwnership";
        case IncidentKind::Reconciler:
            return "DriftkeeperReconciler";
        case IncidentKind::Orphaned:
            return "DriftkeeperOrphaned";
        case IncidentKind::Daemon:
            return "DriftkeeperDaemon";
        case IncidentKind::Overload:
        case IncidentKind::Digest:  // never comes here
            break;
    }
    return "DriftkeeperOverload";
}

// An alert is its label set: whatever may change while an incident is open belongs in an
// annotation. The severity is the one exception, because people route by it. They do by the first
// owner, too; should it change, the alert that it was ends by itself. Two incidents can hold drifts
// of one stack, so the incident is a label.
std::vector<JsonMember> labels(const Notice& notice, const StackObject* stack, Severity severity) {
    std::vector<JsonMember> labels;
    const auto add = [&labels](std::string_view label, std::string_view value) {
        if (!value.empty()) labels.emplace_back(label, jsonString(oneLine(value, maxLabel)));
    };
    add("alertname", notice.isTest ? "DriftkeeperTest" : alertName(notice.kind));
    add("severity", name(severity));
    add("kind", name(notice.kind));
    add("incident", notice.incidentId);
    if (stack != nullptr) {
        add("repository", stack->repository);
        add("stack", stack->stack);
        add("provider", stack->provider);
        add("workspace", stack->workspace);
        if (!stack->owners.empty()) add("owner", stack->owners.front());
    } else if (notice.kind == IncidentKind::Repository || notice.kind == IncidentKind::Channel) {
        add(name(notice.kind), notice.subject);
    } else {
        add("subject", notice.subject);
    }
    return labels;
}

std::string driftLine(const Drift& drift) {
    return fmt::format("{} {} ({})\n", oneLine(drift.address, 300), whatMoved(drift),
                       name(drift.severity));
}

std::string attributeLine(const AttributeDrift& attribute, bool showValues) {
    const std::string path = oneLine(attribute.path, 200);
    if (!showValues) return fmt::format("  {}\n", path);
    return fmt::format("  {}: {} -> {}\n", path, oneLine(shownValue(attribute.git, 80), 160),
                       oneLine(shownValue(attribute.live, 80), 160));
}

std::string driftLines(const Drift& drift, bool showValues) {
    std::string text = driftLine(drift);
    const std::size_t shown = std::min(drift.attributes.size(), maxAttributes);
    for (std::size_t i = 0; i < shown; ++i) text += attributeLine(drift.attributes[i], showValues);
    if (shown < drift.attributes.size())
        text += fmt::format("  +{} more\n", counted(drift.attributes.size() - shown, "attribute"));
    return text;
}

std::string description(const Notice& notice, const StackObject* stack, bool showValues) {
    std::string text = notice.text.empty() ? "" : oneLine(notice.text, 1000) + "\n";
    if (stack == nullptr) return text;
    std::size_t shown = 0;
    for (const ShownDrift* drift : bySeverity(*stack)) {
        const std::string lines = driftLines(drift->drift, showValues);
        if (shown == maxDrifts || text.size() + lines.size() > maxDescription) break;
        text += lines;
        ++shown;
    }
    if (shown < stack->drifts.size())
        text += fmt::format("+{} more\n", stack->drifts.size() - shown);
    return text;
}

std::string rfc3339(TimePoint time) {
    return utcText(std::chrono::floor<std::chrono::milliseconds>(time));
}

class Alertmanager final : public Channel {
public:
    Alertmanager(ChannelSettings settings, std::string externalUrl)
        : settings_(std::move(settings)), externalUrl_(std::move(externalUrl)) {}

    Result<Request> render(const Sending& sending) const override {
        const Result<std::string> url = baseUrl(settings_, "");
        if (!url) return std::unexpected(url.error());
        HttpRequest request;
        request.url = *url + "/api/v2/alerts";
        request.headers = {{"Content-Type", "application/json"}};
        request.body = jsonArray(alerts(sending.notice, sending.now, sending.plain));
        return request;
    }

    AttemptResult judge(const Sending& sending, const Answer& answer) const override {
        return judgeStatus(answer, sending.now);
    }

    std::optional<Seconds> refreshEvery() const noexcept override { return Seconds(60); }

private:
    std::vector<std::string> alerts(const Notice& notice, TimePoint now, bool plain) const {
        std::vector<std::string> alerts;
        if (notice.stacks.empty()) addAlerts(alerts, notice, nullptr, now, plain);
        for (const StackObject& stack : notice.stacks)
            addAlerts(alerts, notice, &stack, now, plain);
        return alerts;
    }

    // The alert of one stack, and the end of what it was before: a stack without drifts has left
    // the incident, and a severity that the incident no longer has is a label set that nobody else
    // would end.
    void addAlerts(std::vector<std::string>& alerts, const Notice& notice, const StackObject* stack,
                   TimePoint now, bool plain) const {
        const bool left =
            notice.kind == IncidentKind::Drift && (stack == nullptr || stack->drifts.empty());
        const bool fires = notice.event != Event::Resolved && !left;
        alerts.push_back(
            alert(notice, stack, notice.severity, now, fires ? now + keptFiring : now, plain));
        if (notice.severityBefore)
            alerts.push_back(alert(notice, stack, *notice.severityBefore, now, now, plain));
    }

    std::string alert(const Notice& notice, const StackObject* stack, Severity severity,
                      TimePoint now, TimePoint endsAt, bool plain) const {
        std::vector<JsonMember> members = {
            {"labels", jsonObject(labels(notice, stack, severity))},
            {"annotations", annotations(notice, stack, plain)},
            // Alertmanager refuses an alert that ends before it starts.
            {"startsAt", jsonString(rfc3339(std::min(notice.opened, now)))},
            {"endsAt", jsonString(rfc3339(endsAt))}};
        if (!plain && externalUrl_.starts_with("http"))
            members.emplace_back("generatorURL", jsonString(externalUrl_));
        return jsonObject(members);
    }

    std::string annotations(const Notice& notice, const StackObject* stack, bool plain) const {
        const std::string summary = stack == nullptr ? headline(notice) : headline(notice, *stack);
        std::vector<JsonMember> annotations = {{"summary", jsonString(oneLine(summary, 300))}};
        if (plain) return jsonObject(annotations);
        const std::string text = description(notice, stack, settings_.showValues);
        if (!text.empty()) annotations.emplace_back("description", jsonString(text));
        if (stack != nullptr && !stack->commit.empty())
            annotations.emplace_back("commit", jsonString(oneLine(stack->commit, 64)));
        if (stack != nullptr && stack->owners.size() > 1)
            annotations.emplace_back(
                "owners",
                jsonString(oneLine(fmt::format("{}", fmt::join(stack->owners, ", ")), maxOwners)));
        return jsonObject(annotations);
    }

    ChannelSettings settings_;
    std::string externalUrl_;
};

std::unique_ptr<Channel> makeAlertmanager(const ChannelSettings& settings,
                                          const std::string& externalUrl) {
    return std::make_unique<Alertmanager>(settings, externalUrl);
}

constexpr OptionSpec alertmanagerKeys[] = {
    {.key = "url",
     .kind = OptionSpec::Kind::SecretUrl,
     .help = "URL of the Alertmanager.",
     .example = "http://127.0.0.1:9093",
     .fileExample = "/etc/driftkeeper/alertmanager-url",
     .needed = true},
};

}  // namespace
}  // namespace alertmanager

extern constinit const ChannelKind alertmanagerChannel{
    .name = "alertmanager",
    .help = "Alerts for a Prometheus Alertmanager.",
    .options = alertmanager::alertmanagerKeys,
    .keepsOpen = true,
    .make = alertmanager::makeAlertmanager,
};

}  // namespace driftkeeper
