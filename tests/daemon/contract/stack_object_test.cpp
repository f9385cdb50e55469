#include "daemon/contract/stack_object.hpp"

#include <doctest/doctest.h>

#include <memory>

#include "tests/daemon/contract/samples.hpp"
#include "tests/daemon/quiet.hpp"

using namespace driftkeeper;

namespace stack_object_test {
namespace {

Stack network() {
    Stack stack;
    stack.provider = "terraform";
    stack.repository = "infra";
    stack.name = "network";
    stack.path = "prod/network";
    stack.owner = "@org/network";
    stack.codeOwners = {"@org/cloud"};
    return stack;
}

Check drifted() {
    Check check;
    check.commit = "3f2c";
    check.started = samples::at("2026-11-22T19:07:00Z");
    check.finished = check.started + std::chrono::microseconds(2'413'900);
    check.report.completeness = Completeness::Complete;
    check.report.resources = 42;
    check.report.coverage = {42, 0, 0};
    check.report.drifts = {samples::openedGroup()};
    check.report.notTold = {quiet("output.url", "output_only", "builtin/output_only")};
    return check;
}

Finding finding(const std::string& address, bool told) {
    Finding finding;
    finding.drift = samples::openedGroup();
    finding.drift.address = address;
    finding.firstSeen = samples::at("2026-11-22T18:00:00Z");
    if (told) finding.confirmedAt = finding.firstSeen;
    return finding;
}

}  // namespace

TEST_CASE("a stack that was never checked is inconclusive") {
    const auto object = stackObject(StackStatus{network(), nullptr, {}, std::nullopt, 0});
    CHECK(object.stack == "infra/network");
    CHECK(object.path == "prod/network");
    CHECK(object.owners == std::vector<std::string>{"@org/network", "@org/cloud"});
    CHECK(object.verdict == Verdict::Inconclusive);
    CHECK_FALSE(object.complete);
    CHECK(object.reason->code == "not_checked_yet");
    CHECK_FALSE(object.started.has_value());
}

TEST_CASE("one check shows its raw drifts, without a memory") {
    const auto object = stackObject(network(), drifted());
    CHECK(object.verdict == Verdict::Drifted);
    CHECK(object.complete);
    CHECK_FALSE(object.reason.has_value());
    CHECK(object.durationSeconds == 2.414);
    CHECK(object.resources == 42);
    CHECK(object.notTold.size() == 1);
    REQUIRE(object.drifts.size() == 1);
    CHECK(object.drifts[0].drift == samples::openedGroup());
    CHECK_FALSE(object.drifts[0].firstSeen.has_value());
    CHECK_FALSE(object.lastConclusive.has_value());
}

TEST_CASE("the daemon shows what was told and is open, by address, with its first sight") {
    auto closed = finding("c", true);
    closed.closed = closed.firstSeen;
    const LastConclusive last{Verdict::Drifted, "3f2c", samples::at("2026-11-22T19:07:02Z")};
    const auto object = stackObject(
        StackStatus{network(),
                    std::make_shared<Check>(drifted()),
                    {finding("b", true), finding("w", false), finding("a", true), closed},
                    last,
                    0});
    REQUIRE(object.drifts.size() == 2);
    CHECK(object.drifts[0].drift.address == "a");
    CHECK(object.drifts[1].drift.address == "b");
    CHECK(object.drifts[0].firstSeen == samples::at("2026-11-22T18:00:00Z"));
    CHECK(object.lastConclusive->commit == "3f2c");
    CHECK(object.verdict == Verdict::Drifted);
}

TEST_CASE("a look that is not complete says why") {
    auto check = drifted();
    check.report = failedReport("state_locked", "The state is locked.");
    const auto object = stackObject(network(), check);
    CHECK_FALSE(object.complete);
    CHECK(object.verdict == Verdict::Inconclusive);
    CHECK(object.reason->code == "state_locked");
}

}  // namespace stack_object_test
