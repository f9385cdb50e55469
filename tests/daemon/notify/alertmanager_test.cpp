#include <doctest/doctest.h>

#include <map>
#include <nlohmann/json.hpp>
#include <set>

#include "daemon/notify/channel.hpp"
#include "tests/daemon/notify/sample_notice.hpp"

namespace driftkeeper {
namespace alertmanager_test {
namespace {

using nlohmann::json;

const std::string nowText = "2026-11-22T19:07:00Z";
const std::string laterText = "2026-11-22T19:12:00Z";

json alertsOf(const Notice& notice, TimePoint now = tests::sampleNow(), bool plain = false,
              bool showValues = true) {
    ChannelSettings settings =
        tests::sampleSettings(*channelKind("alertmanager"), "http://127.0.0.1:9093/");
    settings.showValues = showValues;
    const auto request = std::get<HttpRequest>(
        makeChannel(settings, "http://127.0.0.1:9743/")->render({notice, now, plain}).value());
    CHECK(request.url == "http://127.0.0.1:9093/api/v2/alerts");
    CHECK(request.headers.at("Content-Type") == "application/json");
    return json::parse(request.body);
}

// severity -> fires, of the alerts of one stack
std::map<std::string, bool> firing(const json& alerts, const std::string& stack) {
    std::map<std::string, bool> result;
    for (const json& alert : alerts)
        if (alert["labels"].value("stack", "") == stack)
            result[alert["labels"]["severity"]] = alert["endsAt"] != nowText;
    return result;
}

TEST_CASE("a drift is one alert with stable labels") {
    const json alerts = alertsOf(tests::sampleNotice());
    REQUIRE(alerts.size() == 1);
    CHECK(alerts[0]["labels"] == json{{"alertname", "DriftkeeperDrift"},
                                      {"severity", "critical"},
                                      {"kind", "drift"},
                                      {"incident", "aaaaaaaa-bbbb-cccc-dddd-eeeeeeeeeeee"},
                                      {"repository", "infra"},
                                      {"stack", "infra/prod/network"},
                                      {"provider", "terraform"},
                                      {"workspace", "default"},
                                      {"owner", "@org/network"}});
    CHECK(alerts[0]["startsAt"] == "2026-11-22T19:02:00Z");
    CHECK(alerts[0]["endsAt"] == laterText);
    CHECK(alerts[0]["generatorURL"] == "http://127.0.0.1:9743/");
    const std::string description = alerts[0]["annotations"]["description"];
    CHECK(description.find("aws_security_group.web live modified (critical)") != std::string::npos);
    CHECK(description.find("ingress[0].cidr_blocks[0]: 10.0.0.0/8 -> 0.0.0.0/0") !=
          std::string::npos);
}

TEST_CASE("the labels stay the same whatever moves while an incident is open") {
    Notice later = tests::sampleNotice(Event::Changed);
    later.stacks[0].commit = "another";
    later.stacks[0].drifts[0].drift.side = Side::Both;
    later.stacks[0].drifts[0].drift.attributes.clear();
    later.stacks[0].drifts.push_back(later.stacks[0].drifts[0]);
    const json before = alertsOf(tests::sampleNotice());
    const json after = alertsOf(later, tests::sampleNow() + std::chrono::hours(1));
    std::set<json> labels;
    for (const json& alert : after) labels.insert(alert["labels"]);
    CHECK(labels.contains(before[0]["labels"]));
}

TEST_CASE("people route by the first owner, and all of them are an annotation") {
    Notice notice = tests::sampleNotice();
    notice.stacks[0].owners = {"@org/network", "@org/cloud"};
    const json alerts = alertsOf(notice);
    CHECK(alerts[0]["labels"]["owner"] == "@org/network");
    CHECK(alerts[0]["annotations"]["owners"] == "@org/network, @org/cloud");
    CHECK_FALSE(alertsOf(tests::sampleNotice())[0]["annotations"].contains("owners"));
}

TEST_CASE("a severity that is no longer the highest is ended") {
    Notice changed = tests::sampleNotice(Event::Changed);
    changed.severity = Severity::Warning;
    changed.severityBefore = Severity::Critical;
    CHECK(firing(alertsOf(changed), "infra/prod/network") ==
          std::map<std::string, bool>{{"warning", true}, {"critical", false}});
}

TEST_CASE("a resolved incident ends the alert that it was, and no other") {
    CHECK(firing(alertsOf(tests::sampleNotice(Event::Resolved)), "infra/prod/network") ==
          std::map<std::string, bool>{{"critical", false}});
}

TEST_CASE("each stack of a baseline has its alert, and one that left is ended") {
    Notice baseline = tests::sampleNotice(Event::Changed);
    baseline.cause = "baseline";
    baseline.subject = "infra";
    baseline.stacks.push_back(tests::sampleStack());
    baseline.stacks[1].stack = "infra/clean";
    baseline.stacks[1].drifts.clear();
    const json alerts = alertsOf(baseline);
    CHECK(firing(alerts, "infra/prod/network")["critical"]);
    CHECK(firing(alerts, "infra/clean") == std::map<std::string, bool>{{"critical", false}});
}

TEST_CASE("a refresh keeps an alert alive") {
    const auto channel = makeChannel(tests::sampleSettings(*channelKind("alertmanager")), "");
    CHECK(channel->refreshEvery() == Seconds(60));
    const json later =
        alertsOf(tests::sampleNotice(), tests::sampleNow() + std::chrono::minutes(10));
    CHECK(later[0]["startsAt"] == "2026-11-22T19:02:00Z");
    CHECK(later[0]["endsAt"] == "2026-11-22T19:22:00Z");
}

TEST_CASE("an alert never ends before it starts, even when the clock was set back") {
    const json alerts =
        alertsOf(tests::sampleNotice(Event::Resolved), tests::sampleNow() - std::chrono::hours(1));
    for (const json& alert : alerts) CHECK(alert["startsAt"] == alert["endsAt"]);
}

TEST_CASE("trouble is a warning about its subject") {
    struct Row {
        IncidentKind kind;
        const char* alertName;
        const char* label;
    };
    const Row rows[] = {{IncidentKind::Stale, "DriftkeeperStale", "subject"},
                        {IncidentKind::Repository, "DriftkeeperRepository", "repository"},
                        {IncidentKind::Channel, "DriftkeeperChannel", "channel"},
                        {IncidentKind::Ownership, "DriftkeeperOwnership", "subject"},
                        {IncidentKind::Reconciler, "DriftkeeperReconciler", "subject"},
                        {IncidentKind::Orphaned, "DriftkeeperOrphaned", "subject"},
                        {IncidentKind::Overload, "DriftkeeperOverload", "subject"},
                        {IncidentKind::Daemon, "DriftkeeperDaemon", "subject"}};
    for (const Row& row : rows) {
        CAPTURE(row.alertName);
        Notice notice = tests::sampleNotice();
        notice.kind = row.kind;
        notice.severity = Severity::Warning;
        notice.subject = "the one";
        notice.text = "it cannot be reached";
        notice.stacks.clear();
        const json alerts = alertsOf(notice);
        REQUIRE(alerts.size() == 1);
        CHECK(alerts[0]["labels"]["alertname"] == row.alertName);
        CHECK(alerts[0]["labels"]["severity"] == "warning");
        CHECK(alerts[0]["labels"][row.label] == "the one");
        CHECK(alerts[0]["annotations"]["description"] == "it cannot be reached\n");
        notice.event = Event::Resolved;
        const json ended = alertsOf(notice);
        REQUIRE(ended.size() == 1);
        CHECK(ended[0]["labels"] == alerts[0]["labels"]);
        CHECK(ended[0]["endsAt"] == nowText);
    }
}

TEST_CASE("a stale stack fires although nothing in it drifted") {
    Notice notice = tests::sampleNotice();
    notice.kind = IncidentKind::Stale;
    notice.stacks[0].drifts.clear();
    const json alerts = alertsOf(notice);
    REQUIRE(alerts.size() == 1);
    CHECK(alerts[0]["labels"]["stack"] == "infra/prod/network");
    CHECK(alerts[0]["endsAt"] == laterText);
}

TEST_CASE("hidden values leave the paths in the description") {
    const json alerts = alertsOf(tests::sampleNotice(), tests::sampleNow(), false, false);
    const std::string description = alerts[0]["annotations"]["description"];
    CHECK(description.find("ingress[0].cidr_blocks[0]") != std::string::npos);
    CHECK(description.find("0.0.0.0") == std::string::npos);
}

TEST_CASE("the plain rendering is the same alert with less to say") {
    const json full = alertsOf(tests::sampleNotice());
    const json plain = alertsOf(tests::sampleNotice(), tests::sampleNow(), true);
    CHECK(plain[0]["labels"] == full[0]["labels"]);
    CHECK(plain[0]["annotations"].size() == 1);
    CHECK_FALSE(plain[0].contains("generatorURL"));
}

TEST_CASE("hostile content cannot make a label or an annotation that Alertmanager refuses") {
    const json alerts = alertsOf(tests::hostileNotice(10'000));
    REQUIRE(alerts.size() == 1);
    for (const auto& [label, value] : alerts[0]["labels"].items()) {
        CHECK(tests::isClean(value.get<std::string>()));
        CHECK(value.get<std::string>().size() <= 1024);
    }
    const std::string description = alerts[0]["annotations"]["description"];
    CHECK(description.size() < 4100);
    CHECK(description.find("more\n") != std::string::npos);
}

}  // namespace
}  // namespace alertmanager_test
}  // namespace driftkeeper
