#include "daemon/observe/service_status.hpp"

#include <doctest/doctest.h>

using namespace driftkeeper;

namespace service_status_test {
namespace {

StackLine stack(std::optional<Verdict> verdict, int minute = 0) {
    StackLine line;
    line.verdict = verdict;
    if (verdict)
        line.lastChecked = TimePoint(std::chrono::hours(14) + std::chrono::minutes(minute));
    return line;
}

SettingsMistake mistake(std::size_t row, std::string message) {
    return {"driftkeeper.yaml", {row, 3}, "checks", "settings/unknown_key",
            std::move(message), "",       0};
}

}  // namespace

TEST_CASE("the fleet in one line counts what is not in sync") {
    struct Row {
        std::size_t repositories;
        std::vector<StackLine> stacks;
        const char* text;
    };
    const Row rows[] = {
        {0, {}, "Idle: no repositories are configured"},
        {1, {}, "Watching 1 repository, 0 stacks"},
        {1, {stack({})}, "Watching 1 repository, 1 stack: 1 not checked yet"},
        {2,
         {stack(Verdict::InSync, 3), stack(Verdict::InSync, 2)},
         "Watching 2 repositories, 2 stacks: all in sync; last check 14:03 UTC"},
        {1,
         {stack(Verdict::Drifted, 1), stack(Verdict::Inconclusive, 9), stack(Verdict::Unapplied),
          stack({}), stack(Verdict::Drifted)},
         "Watching 1 repository, 5 stacks: 2 drifted, 1 unapplied, 1 inconclusive, 1 not checked "
         "yet; last check "
         "14:09 UTC"},
    };
    for (const auto& row : rows) CHECK(fleetText(row.repositories, row.stacks) == row.text);
}

TEST_CASE("of mistakes the first is shown with its place, and harmless in one line") {
    CHECK(mistakesText({mistake(7, "unknown key")}) == "driftkeeper.yaml:7:3: unknown key");
    CHECK(mistakesText({mistake(7, "a\nREADY=1"), mistake(9, "b"), mistake(10, "c")}) ==
          "driftkeeper.yaml:7:3: a\\nREADY=1 (and 2 more)");
}

TEST_CASE("a refused settings file is in the status until a good one is read") {
    Settings some;
    some.repositories.emplace_back();
    const CurrentSettings settings(some);
    const Overview overview;
    ServiceStatus status(settings, overview);
    CHECK(status.text() == "Watching 1 repository, 0 stacks");
    status.refused({mistake(7, "unknown key")});
    CHECK(status.text() ==
          "Settings NOT reloaded, the old ones stay in force: driftkeeper.yaml:7:3: unknown key. "
          "Watching 1 repository, "
          "0 stacks");
    status.accepted();
    CHECK(status.text() == "Watching 1 repository, 0 stacks");
}

}  // namespace service_status_test
