#include "parsers/graph/report.hpp"

#include <doctest/doctest.h>

#include <tuple>
#include <vector>

using namespace driftkeeper;

TEST_CASE("the verdict follows from completeness and sides") {
    using enum Side;
    const std::vector<std::tuple<Completeness, std::vector<Side>, Verdict>> table = {
        {Completeness::Complete, {}, Verdict::InSync},
        {Completeness::Complete, {Git}, Verdict::Unapplied},
        {Completeness::Complete, {Git, Live}, Verdict::Drifted},
        {Completeness::Complete, {Both}, Verdict::Drifted},
        {Completeness::Complete, {Unknown}, Verdict::Drifted},
        {Completeness::Partial, {}, Verdict::Inconclusive},
        {Completeness::Partial, {Live}, Verdict::Drifted},
        {Completeness::Partial, {Git}, Verdict::Unapplied},
        {Completeness::Failed, {}, Verdict::Inconclusive},
        {Completeness::Failed, {Live}, Verdict::Inconclusive},
    };
    for (const auto& [completeness, sides, expected] : table) {
        Report report;
        report.completeness = completeness;
        for (const auto side : sides) {
            Drift drift;
            drift.side = side;
            report.drifts.push_back(drift);
        }
        CAPTURE(name(completeness));
        CAPTURE(sides.size());
        CHECK(verdictOf(report) == expected);
    }
}

TEST_CASE("a report that saw nothing is inconclusive and says why") {
    const auto report = failedReport("state_locked", "somebody holds the lock");
    CHECK(verdictOf(report) == Verdict::Inconclusive);
    CHECK(report.reason == Reason{"state_locked", "somebody holds the lock"});
}

TEST_CASE("verdicts and completenesses read back from their names") {
    for (const auto verdict :
         {Verdict::InSync, Verdict::Drifted, Verdict::Unapplied, Verdict::Inconclusive})
        CHECK(verdictFrom(name(verdict)) == verdict);
    for (const auto one : {Completeness::Complete, Completeness::Partial, Completeness::Failed})
        CHECK(completenessFrom(name(one)) == one);
    CHECK_FALSE(verdictFrom("clean"));
    CHECK_FALSE(completenessFrom(""));
}
