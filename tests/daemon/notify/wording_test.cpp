#include "daemon/notify/wording.hpp"

#include <doctest/doctest.h>

#include "tests/daemon/notify/sample_notice.hpp"

namespace driftkeeper {
namespace wording_test {
namespace {

Notice trouble(IncidentKind kind, std::string subject) {
    Notice notice = tests::sampleNotice();
    notice.kind = kind;
    notice.subject = std::move(subject);
    notice.stacks.clear();
    return notice;
}

TEST_CASE("a headline says what is wrong with whom") {
    Notice notice = tests::sampleNotice();
    CHECK(headline(notice) == "infra/prod/network drifted: 1 resource differs from Git");
    notice.stacks[0].drifts.push_back(notice.stacks[0].drifts[0]);
    CHECK(headline(notice) == "infra/prod/network drifted: 2 resources differ from Git");
    for (ShownDrift& shown : notice.stacks[0].drifts) shown.drift.side = Side::Git;
    CHECK(headline(notice) == "infra/prod/network: 2 changes not applied yet");
    CHECK(headline(tests::sampleNotice(Event::Resolved)) == "Resolved: infra/prod/network");

    notice = tests::sampleNotice();
    notice.stacks.push_back(tests::sampleStack());
    notice.subject = "infra";
    notice.cause = "baseline";
    CHECK(headline(notice) == "infra: 2 drifts in 2 stacks at first look");

    CHECK(headline(trouble(IncidentKind::Repository, "infra")) == "Repository in trouble: infra");
    CHECK(headline(trouble(IncidentKind::Stale, "infra/a")) == "No conclusive check of infra/a");
}

TEST_CASE("every kind of trouble has a headline of its own") {
    std::vector<std::string> lines;
    for (int kind = 1; kind <= static_cast<int>(IncidentKind::Daemon); ++kind) {
        const std::string line = headline(trouble(static_cast<IncidentKind>(kind), "subject"));
        CHECK(line.find("subject") != std::string::npos);
        CHECK(std::find(lines.begin(), lines.end(), line) == lines.end());
        lines.push_back(line);
    }
}

TEST_CASE("what moved is said in words") {
    Drift drift;
    drift.side = Side::Live;
    CHECK(whatMoved(drift) == "live modified");
    drift.change = Change::Created;
    CHECK(whatMoved(drift) == "live created, unmanaged");
    drift.side = Side::Git;
    CHECK(whatMoved(drift) == "git created, not applied yet");
    drift.side = Side::Both;
    drift.liveChange = Change::Deleted;
    drift.gitChange = Change::Modified;
    CHECK(whatMoved(drift) == "conflict: live deleted, git modified");
}

TEST_CASE("the most severe drift comes first and decides") {
    StackObject stack = tests::sampleStack();
    stack.drifts[0].drift.severity = Severity::Info;
    CHECK(highestSeverity(stack) == Severity::Info);
    stack.drifts.push_back(stack.drifts[0]);
    stack.drifts[1].drift.severity = Severity::Warning;
    CHECK(highestSeverity(stack) == Severity::Warning);
    CHECK(bySeverity(stack).front()->drift.severity == Severity::Warning);
    stack.drifts.clear();
    CHECK(highestSeverity(stack) == Severity::Warning);
}

TEST_CASE("one line is cut between characters and keeps nothing that steers") {
    CHECK(oneLine("short", 10) == "short");
    CHECK(oneLine("0123456789", 10) == "0123456789");
    CHECK(oneLine("01234567890", 10) == "0123456…");
    CHECK(oneLine("ääääääääää", 10) == "äää…");
    const std::string hostile = "\x1b[31m\x01\x7f\n\t\xff\xe2\x80\xae\xc2\x9b";
    for (std::size_t bytes = 3; bytes < 60; ++bytes) {
        const std::string line = oneLine(hostile + hostile, bytes);
        CHECK(line.size() <= bytes);
        CHECK(tests::isClean(line));
    }
    CHECK(oneLine(std::string(10'000'000, '<'), 20).size() == 20);
}

}  // namespace
}  // namespace wording_test
}  // namespace driftkeeper
