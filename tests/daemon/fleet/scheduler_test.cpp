#include "daemon/fleet/scheduler.hpp"

#include <doctest/doctest.h>

#include <set>

#include "tests/daemon/fake_clock.hpp"

using namespace driftkeeper;
using driftkeeper::tests::FakeClock;

namespace scheduler_test {
namespace {

Stack stackNamed(const std::string& id, Seconds every = Seconds(600)) {
    Stack stack;
    stack.provider = "terraform";
    stack.id = id;
    stack.repository = "infra";
    stack.name = id;
    stack.every = every;
    return stack;
}

}  // namespace

TEST_CASE("a new stack is looked at within half a minute") {
    FakeClock clock;
    Scheduler scheduler(clock);
    scheduler.keep(stackNamed("a"), std::nullopt, 0, false);
    clock.advance(Seconds(31));
    const auto job = scheduler.take();
    REQUIRE(job.has_value());
    CHECK(job->stack.id == "a");
    CHECK(job->kind == Job::Kind::Check);
}

TEST_CASE("a stack is never in two hands, and comes back after its pace") {
    FakeClock clock;
    Scheduler scheduler(clock);
    scheduler.keep(stackNamed("a"), std::nullopt, 0, true);
    REQUIRE(scheduler.take().has_value());
    CHECK(!scheduler.take().has_value());
    scheduler.finished("a", 0, std::nullopt);
    CHECK(!scheduler.take().has_value());
    clock.advance(Seconds(530));
    CHECK(!scheduler.take().has_value());
    clock.advance(Seconds(140));
    CHECK(scheduler.take().has_value());
}

TEST_CASE("a confirming look comes earlier than the pace") {
    FakeClock clock;
    Scheduler scheduler(clock);
    scheduler.keep(stackNamed("a"), std::nullopt, 0, true);
    REQUIRE(scheduler.take().has_value());
    scheduler.finished("a", 0, Seconds(30));
    clock.advance(Seconds(29));
    CHECK(!scheduler.take().has_value());
    clock.advance(Seconds(1));
    CHECK(scheduler.take().has_value());
}

TEST_CASE("whoever sets the wall clock changes nothing about what is due") {
    FakeClock clock;
    Scheduler scheduler(clock);
    scheduler.keep(stackNamed("a"), std::nullopt, 0, true);
    for (const auto by : {Seconds(40 * 86400), Seconds(-800 * 86400), Seconds(760 * 86400)}) {
        clock.set(by);
        REQUIRE(scheduler.take().has_value());
        scheduler.finished("a", 0, std::nullopt);
        CHECK(!scheduler.take().has_value());
        clock.advance(Seconds(661));
        CHECK(scheduler.lag() < Seconds(125));
    }
    CHECK(scheduler.take().has_value());
}

TEST_CASE("the one that has waited longest goes first") {
    FakeClock clock;
    Scheduler scheduler(clock);
    for (const char* id : {"c", "a", "b"}) {
        scheduler.keep(stackNamed(id), std::nullopt, 0, true);
        clock.advance(Seconds(1));
    }
    CHECK(scheduler.lag() == Seconds(3));
    CHECK(scheduler.queue().waiting == 3);
    CHECK(scheduler.queue().oldest == clock.now() - Seconds(3));
    std::string order;
    while (const auto job = scheduler.take()) order += job->stack.id;
    CHECK(order == "cab");
    CHECK(scheduler.lag() == Seconds(0));
    CHECK(scheduler.queue().waiting == 0);
    CHECK(!scheduler.queue().oldest.has_value());
}

TEST_CASE("a request while a check runs makes it run again") {
    FakeClock clock;
    Scheduler scheduler(clock);
    scheduler.keep(stackNamed("a"), std::nullopt, 0, true);
    REQUIRE(scheduler.take().has_value());
    CHECK(scheduler.request("a"));
    CHECK(!scheduler.take().has_value());
    scheduler.finished("a", 0, std::nullopt);
    CHECK(scheduler.take().has_value());
    CHECK(!scheduler.request("nobody"));
}

TEST_CASE("a retired stack is handed out once for its removal") {
    FakeClock clock;
    Scheduler scheduler(clock);
    scheduler.keep(stackNamed("a"), std::nullopt, 0, true);
    REQUIRE(scheduler.take().has_value());
    scheduler.retire("a", Retired::GoneFromGit);
    CHECK(!scheduler.take().has_value());  // somebody still looks at it
    scheduler.finished("a", 0, std::nullopt);
    const auto removal = scheduler.take();
    REQUIRE(removal.has_value());
    CHECK(removal->kind == Job::Kind::Remove);
    scheduler.removed("a", std::nullopt);
    CHECK(scheduler.size() == 0);
}

TEST_CASE("what is left of a removed stack is looked at again when it is time") {
    FakeClock clock;
    Scheduler scheduler(clock);
    scheduler.keep(stackNamed("a"), std::nullopt, 0, true);
    scheduler.retire("a", Retired::GoneFromGit);
    REQUIRE(scheduler.take()->kind == Job::Kind::Remove);
    scheduler.removed("a", Seconds(600));
    CHECK(!scheduler.take().has_value());
    clock.advance(Seconds(600));
    const auto again = scheduler.take();
    REQUIRE(again.has_value());
    CHECK(again->kind == Job::Kind::Remove);
}

TEST_CASE("a stack that comes back while its removal runs stays") {
    FakeClock clock;
    Scheduler scheduler(clock);
    scheduler.keep(stackNamed("a"), std::nullopt, 0, true);
    scheduler.retire("a", Retired::GoneFromGit);
    REQUIRE(scheduler.take()->kind == Job::Kind::Remove);
    scheduler.keep(stackNamed("a"), std::nullopt, 0, false);
    scheduler.removed("a", std::nullopt);
    const auto job = scheduler.take();
    REQUIRE(job.has_value());
    CHECK(job->kind == Job::Kind::Check);
}

TEST_CASE("a stopped scheduler hands out nothing") {
    FakeClock clock;
    Scheduler scheduler(clock);
    scheduler.keep(stackNamed("a"), std::nullopt, 0, true);
    std::stop_source stop;
    stop.request_stop();
    CHECK(!scheduler.next(stop.get_token()).has_value());
}

}  // namespace scheduler_test
