#include "daemon/metrics.hpp"

#include <doctest/doctest.h>

using namespace driftkeeper;

namespace {

StackStatus drifted(const std::string& name) {
    StackStatus status;
    status.stack.id = "id-" + name;
    status.stack.repository = "infra";
    status.stack.name = name;
    Check check;
    check.report.completeness = Completeness::Complete;
    check.report.resources = 7;
    check.report.drifts.emplace_back().side = Side::Live;
    status.last = check;
    Finding finding;
    finding.drift.side = Side::Live;
    finding.drift.change = Change::Deleted;
    finding.firstSeen = TimePoint(std::chrono::seconds(1000));
    status.open = {finding};
    status.lastConclusive = LastConclusive{Verdict::Drifted, "c", TimePoint(std::chrono::seconds(2000))};
    return status;
}

bool has(const std::string& text, const std::string& line) {
    return ("\n" + text).find("\n" + line + "\n") != std::string::npos;
}

}  // namespace

TEST_CASE("a stack's verdict, drifts and times are exported") {
    Metrics metrics("0.1.0");
    Overview overview;
    overview.keep(drifted("prod"));
    const std::string text = metrics.text(overview, {}, {"chat"});
    CHECK(has(
        text,
        R"(driftkeeper_stack_verdict{repository="infra",stack="infra/prod",provider="terraform",verdict="drifted"} 1)"));
    CHECK(has(
        text,
        R"(driftkeeper_stack_verdict{repository="infra",stack="infra/prod",provider="terraform",verdict="in_sync"} 0)"));
    CHECK(
        has(text, R"(driftkeeper_stack_drifts{repository="infra",stack="infra/prod",side="live",change="deleted"} 1)"));
    CHECK(has(text,
              R"(driftkeeper_stack_drifts{repository="infra",stack="infra/prod",side="live",change="modified"} 0)"));
    CHECK(has(text, R"(driftkeeper_stack_oldest_drift_timestamp_seconds{repository="infra",stack="infra/prod"} 1000)"));
    CHECK(has(
        text,
        R"(driftkeeper_stack_last_conclusive_check_timestamp_seconds{repository="infra",stack="infra/prod"} 2000)"));
    CHECK(has(text, R"(driftkeeper_stack_resources{repository="infra",stack="infra/prod"} 7)"));
    CHECK(has(text, R"(driftkeeper_build_info{version="0.1.0"} 1)"));
    CHECK(has(text, R"(driftkeeper_outbox_pending{channel="chat"} 0)"));
}

TEST_CASE("every provider of the settings and of the fleet has its series of checks from the start, and no other one") {
    Metrics metrics("1");
    Overview overview;
    CHECK(metrics.text(overview, {}, {}).find("driftkeeper_checks_total{") == std::string::npos);
    metrics.expect("kubernetes");
    auto status = drifted("prod");
    status.stack.provider = "flux";
    overview.keep(status);
    const std::string text = metrics.text(overview, {}, {});
    for (const std::string provider : {"kubernetes", "flux"}) {
        CHECK(has(text, R"(driftkeeper_checks_total{outcome="in_sync",provider=")" + provider + "\"} 0"));
        CHECK(has(text, R"(driftkeeper_check_duration_seconds_count{provider=")" + provider + "\"} 0"));
    }
    CHECK(text.find("terraform") == std::string::npos);
}

TEST_CASE("what a provider covers is summed over its stacks") {
    Metrics metrics("1");
    Overview overview;
    for (const auto* name : {"a", "b"}) {
        auto status = drifted(name);
        status.stack.provider = "cloudformation";
        status.last->report.coverage = {10, 2, 1};
        overview.keep(status);
    }
    const std::string text = metrics.text(overview, {}, {});
    CHECK(has(text, R"(driftkeeper_provider_coverage{provider="cloudformation",kind="checked"} 20)"));
    CHECK(has(text, R"(driftkeeper_provider_coverage{provider="cloudformation",kind="unsupported"} 4)"));
    CHECK(has(text, R"(driftkeeper_provider_coverage{provider="cloudformation",kind="unreadable"} 2)"));
}

TEST_CASE("a stack that is gone leaves no series, and a renamed one only its new name") {
    Metrics metrics("1");
    Overview overview;
    overview.keep(drifted("old"));
    auto renamed = drifted("new");
    renamed.stack.id = "id-old";
    overview.keep(renamed);
    std::string text = metrics.text(overview, {}, {});
    CHECK(text.find("infra/old") == std::string::npos);
    CHECK(text.find("infra/new") != std::string::npos);
    overview.remove("id-old");
    CHECK(metrics.text(overview, {}, {}).find("infra/new") == std::string::npos);
}

TEST_CASE("a hostile name cannot break the exposition") {
    Metrics metrics("1");
    Overview overview;
    overview.keep(drifted("a\"b\n\xff\x01"));
    const std::string text = metrics.text(overview, {}, {"ch\xff"});
    CHECK(text.find('\xff') == std::string::npos);
    CHECK(text.find('\x01') == std::string::npos);
    CHECK(text.find("a\\\"b") != std::string::npos);
}

TEST_CASE("checks and reloads are counted") {
    Metrics metrics("1");
    metrics.checkStarted();
    metrics.checkStarted();
    metrics.checkFinished("terraform", Verdict::InSync, 0.3);
    metrics.reloaded(false);
    metrics.delivery("chat", "delivered");
    const std::string text = metrics.text({}, {}, {"chat"});
    CHECK(has(text, R"(driftkeeper_checks_total{outcome="in_sync",provider="terraform"} 1)"));
    CHECK(has(text, "driftkeeper_checks_running 1"));
    CHECK(has(text, "driftkeeper_settings_last_reload_successful 0"));
    CHECK(text.find("driftkeeper_check_duration_seconds_bucket") != std::string::npos);
    CHECK(text.find("driftkeeper_deliveries_total") != std::string::npos);
}
