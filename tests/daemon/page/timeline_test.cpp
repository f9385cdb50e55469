#include "daemon/page/timeline.hpp"

#include <doctest/doctest.h>

using namespace driftkeeper;
using namespace driftkeeper::page;
using namespace std::chrono_literals;

namespace timeline_test {
namespace {

CheckLine check(int hour, Verdict verdict, std::string commit = "c1") {
    CheckLine line;
    line.id = std::to_string(hour);
    line.commit = std::move(commit);
    line.started = TimePoint(std::chrono::hours(hour));
    line.finished = line.started + std::chrono::seconds(hour);
    line.verdict = verdict;
    return line;
}

}  // namespace

TEST_CASE("checks in a row that say the same are one step") {
    auto locked = check(1, Verdict::Inconclusive);
    locked.reason = Reason{"state_locked", "locked"};
    const auto steps = foldChecks({check(6, Verdict::Drifted), check(5, Verdict::Drifted),
                                   check(4, Verdict::InSync), check(3, Verdict::InSync, "c0"),
                                   check(2, Verdict::Inconclusive), locked});
    REQUIRE(steps.size() == 5);
    CHECK(steps[0].checks == 2);
    CHECK(steps[0].since == TimePoint(5h));
    CHECK(steps[0].seconds == 6);
    CHECK(steps[1].newest.id == "4");
    CHECK(steps[3].checks == 1);  // another reason
}

TEST_CASE("a stack that was never checked says so") {
    CHECK(timeline({}, "a/b", TimePoint(1h)).take().find("not checked yet") != std::string::npos);
}

}  // namespace timeline_test
