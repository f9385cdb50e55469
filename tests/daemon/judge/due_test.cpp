#include "daemon/judge/due.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <set>
#include <string>

using namespace driftkeeper;
using namespace std::chrono_literals;

namespace due_test {
namespace {

constexpr TimePoint noon{1'790'000'000'000'000us};

std::string seedOf(int i) {
    return "stack-" + std::to_string(i);
}

}  // namespace

TEST_CASE(
    "a stack that was never checked is due within half a minute, or within its interval if that is "
    "shorter") {
    for (const Seconds every : {Seconds(10), Seconds(1800)})
        for (int i = 0; i < 200; ++i) {
            const TimePoint due = nextDue(every, std::nullopt, 0, seedOf(i), noon);
            CHECK(due >= noon);
            CHECK(due < noon + std::min(every, 30s));
        }
}

TEST_CASE("after a conclusive check the next one comes after the interval, give or take a tenth") {
    for (int i = 0; i < 200; ++i) {
        const TimePoint due = nextDue(1000s, noon, 0, seedOf(i), noon + 5s);
        CHECK(due >= noon + 900s);
        CHECK(due <= noon + 1100s);
    }
}

TEST_CASE(
    "failed checks are repeated sooner at first, and never more often than the interval allows") {
    struct Row {
        int failures;
        Seconds earliest;
    };
    for (const Row row :
         {Row{1, 60s}, Row{2, 120s}, Row{5, 960s}, Row{6, 1800s}, Row{7, 1800s}, Row{1000, 1800s}})
        for (int i = 0; i < 50; ++i) {
            const TimePoint due = nextDue(1800s, noon, row.failures, seedOf(i), noon);
            CHECK(due >= noon + row.earliest);
            CHECK(due <= noon + row.earliest + row.earliest / 10);
        }
}

TEST_CASE("the same stack always gets the same jitter, and a fleet spreads") {
    std::set<TimePoint> times;
    int early = 0;
    for (int i = 0; i < 1000; ++i) {
        const TimePoint due = nextDue(1800s, noon, 0, seedOf(i), noon);
        CHECK(due == nextDue(1800s, noon, 0, seedOf(i), noon + 7s));
        times.insert(due);
        early += due < noon + 1800s ? 1 : 0;
    }
    CHECK(times.size() == 1000);
    CHECK(early > 400);
    CHECK(early < 600);
}

TEST_CASE(
    "a check in the future, left by a clock that was set back, does not put the next one off") {
    CHECK(nextDue(1000s, noon + 24h, 0, "a", noon) <= noon + 1100s);
}

TEST_CASE("a stack whose time has passed is due already") {
    CHECK(nextDue(1000s, noon - 24h, 0, "a", noon) < noon);
}

}  // namespace due_test
