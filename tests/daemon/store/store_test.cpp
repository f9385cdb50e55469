#include "daemon/store/store.hpp"

#include <algorithm>
#include <atomic>
#include <thread>

#include "tests/daemon/store/fixture.hpp"

using namespace driftkeeper;
using namespace driftkeeper::testing;

TEST_CASE("a row that cannot be read is named as damaged") {
    Home home;
    const Stack stack = home.stack("a");
    must(home->record(checkOf(stack), nothing));
    must(home.connect().script("UPDATE checks SET report = '{'"));
    CHECK(codeOf(home->checks.history(stack.id, 9)) == "store_damaged");
    CHECK(codeOf(home->stacks.statuses()) == "store_damaged");
}

TEST_CASE("a constant is made once and stays, whatever bytes it has") {
    Home home;
    const std::string key("\0\xff\n key", 7);
    CHECK(must(home->notes.constant("key", [&] { return key; })) == key);
    home.reopen();
    CHECK(must(home->notes.constant("key", []() -> std::string {
              FAIL("made twice");
              return "";
          })) == key);
    CHECK(must(home->notes.constant("other", [] { return std::string(); })).empty());
}

TEST_CASE("a decision that throws leaves nothing behind and the store usable") {
    Home home;
    const Stack stack = home.stack("a");
    CHECK_THROWS_AS((void)home->record(checkOf(stack), [](const Memory&) -> Decision { throw 1; }),
                    int);
    CHECK(must(home->checks.history(stack.id, 9)).empty());
    must(home->record(checkOf(stack), nothing));
}

TEST_CASE("opening again finds everything, and nothing is checked out for good") {
    Home home;
    const Stack stack = home.stack("a");
    const Finding finding = findingOf(stack, "x");
    const Incident incident = incidentAbout(stack.id, {memberOf(finding, stack)});
    must(home->record(checkOf(stack, noon, {finding.drift}),
                      says({.findings = {finding},
                            .incidents = {incident},
                            .deliveries = {deliveryOf(incident)}})));
    home.reopen();
    CHECK(must(home->stacks.statuses()).at(0).open.size() == 1);
    CHECK(must(home->incidents.list(true, 9)).at(0).members.size() == 1);
    CHECK(must(home->deliveries.due("chat", noon, 9)).size() == 1);
}

TEST_CASE("threads that record and read at once see whole decisions only") {
    Home home;
    constexpr int writers = 3;
    constexpr int checksEach = 25;
    std::vector<Stack> stacks;
    for (int i = 0; i < writers; ++i) stacks.push_back(home.stack("s" + std::to_string(i)));
    std::atomic<int> failures = 0;
    std::atomic<int> writing = writers;
    {
        std::vector<std::jthread> threads;
        for (const Stack& stack : stacks)
            threads.emplace_back([&] {
                for (int i = 0; i < checksEach; ++i) {
                    const std::string name = stack.name + "-" + std::to_string(i);
                    Check check;
                    check.id = "check-" + name;
                    check.stackId = stack.id;
                    check.report.drifts = {driftAt(name)};
                    Finding finding;
                    finding.id = name;
                    finding.stackId = stack.id;
                    finding.drift = driftAt(name);
                    finding.confirmedAt = noon;
                    if (!home->record(check, says({.findings = {finding}}))) ++failures;
                }
                --writing;
            });
        for (int i = 0; i < 2; ++i)
            threads.emplace_back([&] {
                while (writing > 0) {
                    const auto statuses = home->stacks.statuses();
                    if (!statuses) {
                        ++failures;
                        continue;
                    }
                    for (const StackStatus& status : *statuses)
                        if (static_cast<int>(status.open.size()) != status.failures) ++failures;
                }
            });
    }
    CHECK(failures == 0);
    for (const Stack& stack : stacks)
        CHECK(must(home->checks.history(stack.id, 999)).size() == checksEach);
}
