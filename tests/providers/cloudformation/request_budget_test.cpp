#include "providers/cloudformation/request_budget.hpp"

#include <doctest/doctest.h>

using namespace driftkeeper::cloudformation;
using namespace std::chrono_literals;

namespace request_budget_test {
namespace {

// Waiting moves the clock and takes no time.
struct FakeTime {
    Pace::Time now{};
    Pace pace{[this] { return now; },
              [this](std::chrono::milliseconds time, std::stop_token) { now += time; }};
};

}  // namespace

TEST_CASE("ten requests at once, then two a second") {
    FakeTime time;
    RequestBudget budget(time.pace);
    const auto start = time.now;
    for (int i = 0; i < 10; ++i) CHECK(budget.take("a", 1min, {}));
    CHECK(time.now == start);
    for (int i = 0; i < 20; ++i) CHECK(budget.take("a", 1min, {}));
    CHECK(time.now - start >= 9900ms);
    CHECK(time.now - start <= 10500ms);
    // Another account is another budget.
    const auto later = time.now;
    CHECK(budget.take("b", 1min, {}));
    CHECK(time.now == later);
}

TEST_CASE("after a refusal nobody asks for some seconds") {
    FakeTime time;
    RequestBudget budget(time.pace);
    CHECK(budget.take("a", 1min, {}));
    budget.throttled("a");
    const auto start = time.now;
    CHECK_FALSE(budget.take("a", 1s, {}));
    CHECK(budget.take("a", 1min, {}));
    CHECK(time.now - start >= 3s);
}

TEST_CASE("two names of one account share its budget once that is known") {
    FakeTime time;
    RequestBudget budget(time.pace);
    CHECK(budget.take("key 1", 1min, {}));
    CHECK(budget.take("key 2", 1min, {}));
    budget.join("key 1", "account");
    budget.join("key 2", "account");
    budget.throttled("key 1");
    CHECK_FALSE(budget.take("key 2", 1s, {}));
}

TEST_CASE("two detections run at once, a third one waits for its turn") {
    FakeTime time;
    RequestBudget budget(time.pace);
    auto first = budget.detection("a", 1min, {});
    auto second = budget.detection("a", 1min, {});
    REQUIRE(first);
    REQUIRE(second);
    CHECK_FALSE(budget.detection("a", 10s, {}));
    CHECK(budget.detection("b", 10s, {}));
    first.reset();
    CHECK(budget.detection("a", 10s, {}));
}

TEST_CASE("who is stopped waits no longer") {
    RequestBudget budget(Pace::real());
    std::stop_source stop;
    stop.request_stop();
    CHECK_FALSE(budget.take("a", 1min, stop.get_token()));
    CHECK_FALSE(budget.detection("a", 1min, stop.get_token()));
}

}  // namespace request_budget_test
