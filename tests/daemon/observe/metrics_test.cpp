#include "daemon/observe/metrics.hpp"
#include "tests/daemon/last_check.hpp"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <map>
#include <sstream>

using namespace driftkeeper;

namespace metrics_test {
namespace {

StackStatus drifted(const std::string& name) {
    StackStatus status;
    status.stack.id = "id-" + name;
    status.stack.repository = "infra";
    status.stack.provider = "terraform";
    status.stack.name = name;
    Check check;
    check.report.completeness = Completeness::Complete;
    check.report.resources = 7;
    check.report.drifts.emplace_back().side = Side::Live;
    lastCheckOf(status) = check;
    Finding finding;
    finding.drift.side = Side::Live;
    finding.drift.change = Change::Deleted;
    finding.firstSeen = TimePoint(std::chrono::seconds(1000));
    status.open = {finding};
    status.lastConclusive =
        LastConclusive{Verdict::Drifted, "c", TimePoint(std::chrono::seconds(2000))};
    return status;
}

bool has(const std::string& said, const std::string& line) {
    return ("\n" + said).find("\n" + line + "\n") != std::string::npos;
}

std::string text(const Metrics& metrics, const Overview& overview,
                 const std::vector<std::string>& channels = {}) {
    return metrics.text({.overview = overview,
                         .counts = {},
                         .queue = {},
                         .channels = channels,
                         .stateDirectory = {}});
}

}  // namespace

TEST_CASE("a stack's verdict, drifts and times are exported") {
    Metrics metrics("0.1.0");
    Overview overview;
    overview.keep(drifted("prod"));
    const std::string said = text(metrics, overview, {"chat"});
    CHECK(has(
        said,
        R"(driftkeeper_stack_verdict{repository="infra",stack="infra/prod",provider="terraform",verdict="drifted"} 1)"));
    CHECK(has(
        said,
        R"(driftkeeper_stack_verdict{repository="infra",stack="infra/prod",provider="terraform",verdict="in_sync"} 0)"));
    CHECK(has(
        said,
        R"(driftkeeper_stack_drifts{repository="infra",stack="infra/prod",side="live",change="deleted"} 1)"));
    CHECK(has(
        said,
        R"(driftkeeper_stack_drifts{repository="infra",stack="infra/prod",side="live",change="modified"} 0)"));
    CHECK(has(
        said,
        R"(driftkeeper_stack_oldest_drift_timestamp_seconds{repository="infra",stack="infra/prod"} 1000)"));
    CHECK(has(
        said,
        R"(driftkeeper_stack_last_conclusive_check_timestamp_seconds{repository="infra",stack="infra/prod"} 2000)"));
    CHECK(has(said, R"(driftkeeper_stack_resources{repository="infra",stack="infra/prod"} 7)"));
    CHECK(has(said, R"(driftkeeper_build_info{version="0.1.0"} 1)"));
    CHECK(has(said, R"(driftkeeper_outbox_pending{channel="chat"} 0)"));
}

TEST_CASE(
    "every provider of the settings and of the fleet has its series of checks from the start, and "
    "no other one") {
    Metrics metrics("1");
    Overview overview;
    CHECK(text(metrics, overview).find("driftkeeper_checks_total{") == std::string::npos);
    metrics.expect("kubernetes");
    auto status = drifted("prod");
    status.stack.provider = "flux";
    overview.keep(status);
    const std::string said = text(metrics, overview);
    for (const std::string provider : {"kubernetes", "flux"}) {
        CHECK(has(said,
                  R"(driftkeeper_checks_total{outcome="in_sync",provider=")" + provider + "\"} 0"));
        CHECK(has(said,
                  R"(driftkeeper_check_duration_seconds_count{provider=")" + provider + "\"} 0"));
    }
    CHECK(said.find("terraform") == std::string::npos);
}

TEST_CASE("what a provider covers is summed over its stacks") {
    Metrics metrics("1");
    Overview overview;
    for (const auto* name : {"a", "b"}) {
        auto status = drifted(name);
        status.stack.provider = "cloudformation";
        lastCheckOf(status).report.coverage = {10, 2, 1};
        overview.keep(status);
    }
    const std::string said = text(metrics, overview);
    CHECK(
        has(said, R"(driftkeeper_provider_coverage{provider="cloudformation",kind="checked"} 20)"));
    CHECK(has(said,
              R"(driftkeeper_provider_coverage{provider="cloudformation",kind="unsupported"} 4)"));
    CHECK(has(said,
              R"(driftkeeper_provider_coverage{provider="cloudformation",kind="unreadable"} 2)"));
}

TEST_CASE("a stack that is gone leaves no series, and a renamed one only its new name") {
    Metrics metrics("1");
    Overview overview;
    overview.keep(drifted("old"));
    auto renamed = drifted("new");
    renamed.stack.id = "id-old";
    overview.keep(renamed);
    std::string said = text(metrics, overview);
    CHECK(said.find("infra/old") == std::string::npos);
    CHECK(said.find("infra/new") != std::string::npos);
    overview.remove("id-old");
    CHECK(text(metrics, overview).find("infra/new") == std::string::npos);
}

TEST_CASE("a hostile name cannot break the exposition") {
    Metrics metrics("1");
    Overview overview;
    overview.keep(drifted("a\"b\n\xff\x01"));
    const std::string said = text(metrics, overview, {"ch\xff"});
    CHECK(said.find('\xff') == std::string::npos);
    CHECK(said.find('\x01') == std::string::npos);
    CHECK(said.find("a\\\"b") != std::string::npos);
}

TEST_CASE("checks and reloads are counted") {
    Metrics metrics("1");
    metrics.checkStarted();
    metrics.checkStarted();
    metrics.checkFinished("terraform", Verdict::InSync, 0.3);
    metrics.reloaded(false);
    metrics.delivery("chat", "delivered");
    const std::string said = text(metrics, {}, {"chat"});
    CHECK(has(said, R"(driftkeeper_checks_total{outcome="in_sync",provider="terraform"} 1)"));
    CHECK(has(said, "driftkeeper_checks_running 1"));
    CHECK(has(said, "driftkeeper_settings_last_reload_successful 0"));
    CHECK(said.find("driftkeeper_check_duration_seconds_bucket") != std::string::npos);
    CHECK(said.find("driftkeeper_deliveries_total") != std::string::npos);
}

TEST_CASE("open drifts are dated by side and severity, and counted over the fleet") {
    const Metrics metrics("1");
    Overview overview;
    auto status = drifted("prod");
    status.stack.staleAfter = Seconds(5400);
    status.open[0].drift.severity = Severity::Critical;
    status.open.push_back(status.open[0]);
    status.open[1].firstSeen = TimePoint(std::chrono::seconds(500));
    status.open.push_back(status.open[0]);
    status.open[2].drift.side = Side::Git;
    status.open[2].drift.severity = Severity::Info;
    overview.keep(status);
    overview.keep(drifted("dev"));
    const std::string said = text(metrics, overview);
    const std::string since =
        "driftkeeper_stack_drifts_since_timestamp_seconds{repository=\"infra\",stack=\"infra/"
        "prod\",";
    CHECK(has(said, since + R"(side="live",severity="critical"} 500)"));
    CHECK(has(said, since + R"(side="git",severity="info"} 1000)"));
    CHECK(said.find(since + R"(side="live",severity="info")") == std::string::npos);
    CHECK(has(said, R"(driftkeeper_drifts{side="live",severity="critical"} 2)"));
    CHECK(has(said, R"(driftkeeper_drifts{side="git",severity="info"} 1)"));
    CHECK(has(said, R"(driftkeeper_drifts{side="unknown",severity="warning"} 0)"));
    CHECK(has(said, R"(driftkeeper_stacks{provider="terraform",verdict="drifted"} 2)"));
    CHECK(has(said, R"(driftkeeper_stacks{provider="terraform",verdict="in_sync"} 0)"));
    CHECK(has(
        said,
        R"(driftkeeper_stack_stale_after_seconds{repository="infra",stack="infra/prod"} 5400)"));
}

TEST_CASE(
    "above the limit the first stacks by name keep their series, the fleet's counts hold, and it "
    "is said") {
    const Metrics metrics("1");
    Overview overview;
    for (const auto* name : {"a", "b", "c"}) overview.keep(drifted(name));
    Scrape scrape{
        .overview = overview, .counts = {}, .queue = {}, .channels = {}, .stateDirectory = {}};
    CHECK(has(metrics.text(scrape), "driftkeeper_metrics_truncated 0"));
    scrape.mostStacks = 2;
    const std::string said = metrics.text(scrape);
    CHECK(has(said, "driftkeeper_metrics_truncated 1"));
    CHECK(said.find("infra/b") != std::string::npos);
    CHECK(said.find("infra/c") == std::string::npos);
    CHECK(has(said, R"(driftkeeper_stacks{provider="terraform",verdict="drifted"} 3)"));
}

TEST_CASE(
    "open differences are counted by whether anybody was alerted of them, each state also at 0") {
    const Metrics metrics("1");
    const Overview overview;
    Scrape scrape{
        .overview = overview, .counts = {}, .queue = {}, .channels = {}, .stateDirectory = {}};
    scrape.findings[static_cast<std::size_t>(AlertState::NoRoute)] = 3;
    const std::string said = metrics.text(scrape);
    CHECK(has(said, R"(driftkeeper_findings{state="no_route"} 3)"));
    for (const auto* state :
         {"suppressed", "unconfirmed", "grouping", "muted", "undelivered", "delivered"})
        CHECK(has(said, fmt::format(R"(driftkeeper_findings{{state="{}"}} 0)", state)));
}

TEST_CASE("the queue, the workers and what was given up are exported") {
    Metrics metrics("1");
    metrics.workers(4);
    metrics.gaveUp("chat");
    const Overview overview;
    const TimePoint due{std::chrono::seconds(1000)};
    Scrape scrape{.overview = overview,
                  .counts = {},
                  .queue = {3, due},
                  .channels = {"am"},
                  .stateDirectory = {}};
    const std::string said = metrics.text(scrape);
    CHECK(has(said, "driftkeeper_checks_parallel 4"));
    CHECK(has(said, "driftkeeper_checks_waiting 3"));
    CHECK(has(said, "driftkeeper_checks_oldest_due_timestamp_seconds 1000"));
    CHECK(has(said, R"(driftkeeper_deliveries_dead_total{channel="chat"} 1)"));
    CHECK(has(said, R"(driftkeeper_deliveries_dead_total{channel="am"} 0)"));
    scrape.queue = {};
    CHECK(has(metrics.text(scrape), "driftkeeper_checks_oldest_due_timestamp_seconds 0"));
}

TEST_CASE("the process shows what it uses") {
    const Metrics metrics("1");
    std::map<std::string, double> values;
    std::istringstream lines(text(metrics, {}));
    for (std::string line; std::getline(lines, line);)
        if (line.starts_with("process_"))
            values[line.substr(0, line.find(' '))] = std::stod(line.substr(line.find(' ')));
    CHECK(values.at("process_cpu_seconds_total") > 0);
    CHECK(values.at("process_resident_memory_bytes") > 1e6);
    CHECK(values.at("process_virtual_memory_bytes") > values.at("process_resident_memory_bytes"));
    CHECK(values.at("process_open_fds") >= 3);
    CHECK(values.at("process_max_fds") >= values.at("process_open_fds"));
    CHECK(values.at("process_start_time_seconds") > 1.7e9);
}

}  // namespace metrics_test
