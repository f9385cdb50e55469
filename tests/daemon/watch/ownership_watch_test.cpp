#include "daemon/watch/ownership_watch.hpp"

#include <doctest/doctest.h>

#include <algorithm>

#include "tests/daemon/fake_clock.hpp"
#include "tests/support/files.hpp"

using namespace driftkeeper;
using namespace std::chrono_literals;
using driftkeeper::tests::FakeClock;

namespace ownership_watch_test {
namespace {

// A store with two stacks and whoever watches them, in a time of their own.
struct Office {
    tests::TempDir folder;
    FakeClock clock;
    CurrentSettings settings{[] {
        Settings made;
        made.channels.emplace_back().name = "chat";
        return made;
    }()};
    std::unique_ptr<Store> store = Store::open(folder.path()).value();
    Overview overview;
    RuleBook rules{settings};
    Mutes mutes{settings, *store};
    Alerter alerter{settings, *store, overview, mutes, rules, clock, [] {}};
    Scheduler scheduler{clock};
    std::optional<OwnershipWatch> watch;
    Stack a = keep("a");
    Stack b = keep("b");

    Office() { watch.emplace(*store, scheduler, alerter); }

    Stack keep(const std::string& name) {
        Stack stack;
        stack.provider = "terraform";
        stack.repository = "infra";
        stack.name = stack.path = name;
        stack.every = 1000h;
        stack = store->stacks.keep(stack).value();
        scheduler.keep(stack, clock.now(), 0, false);
        return stack;
    }

    // One look at a stack that claims these things.
    void look(const Stack& stack, const std::vector<std::string>& identities) {
        Check check;
        check.id = "check " + std::to_string(++checks_);
        check.stackId = stack.id;
        check.started = clock.now();
        clock.advance(1s);
        check.finished = clock.now();
        check.report.completeness = Completeness::Complete;
        for (const auto& identity : identities)
            check.report.graph.add({"aws_vpc." + identity.substr(4), "aws_vpc", "", "", identity});
        REQUIRE(store->record(check, [](const Memory&) { return Decision(); }).has_value());
    }
    void tick() {
        clock.advance(5s);
        watch->look(clock);
    }
    // Everything goes but what is in the store.
    void restart() { watch.emplace(*store, scheduler, alerter); }

    [[nodiscard]] std::vector<std::string> events() const {
        std::vector<std::string> events;
        auto deliveries = store->deliveries.list(100).value();
        std::ranges::sort(deliveries, {}, &Delivery::order);
        const auto incidents = store->incidents.list(false, 100).value();
        for (const auto& delivery : deliveries) {
            const auto it = std::ranges::find(incidents, delivery.incidentId, &Incident::id);
            events.push_back(std::string(name(delivery.event)) + " " + it->subject);
        }
        return events;
    }
    // Names of the stacks that are due.
    std::vector<std::string> due() {
        std::vector<std::string> names;
        while (const auto job = scheduler.take()) {
            names.push_back(job->stack.name);
            scheduler.finished(job->stack.id, 0, std::nullopt);
        }
        return names;
    }

private:
    int checks_ = 0;
};

using Names = std::vector<std::string>;

}  // namespace

TEST_CASE("an object in two stacks is told once, over restarts, and its end once") {
    Office office;
    office.look(office.a, {"aws vpc-1"});
    office.look(office.b, {"aws vpc-1"});
    office.tick();
    CHECK(office.events().empty());
    CHECK(office.due() == Names{"a"});  // was it moved away from there?
    office.tick();
    CHECK(office.due().empty());  // asked once
    office.look(office.a, {"aws vpc-1"});
    office.tick();
    office.tick();
    office.restart();
    office.tick();
    office.look(office.b, {"aws vpc-1"});
    office.tick();
    CHECK(office.events() == Names{"opened aws vpc-1"});

    office.look(office.b, {});
    office.tick();
    office.tick();
    office.restart();
    office.tick();
    CHECK(office.events() == Names{"opened aws vpc-1", "resolved aws vpc-1"});
}

TEST_CASE("what moves from one stack to another is no incident") {
    Office office;
    office.look(office.a, {"aws vpc-1"});
    office.look(office.b, {"aws vpc-1"});
    office.tick();
    office.look(office.a, {});
    office.tick();
    CHECK(office.events().empty());
}

TEST_CASE("the end also comes when a stack is removed") {
    Office office;
    office.look(office.a, {"aws vpc-1"});
    office.look(office.b, {"aws vpc-1"});
    office.look(office.a, {"aws vpc-1"});
    office.tick();
    REQUIRE(office.store->stacks.remove(office.b.id, office.clock.now()).has_value());
    office.tick();
    CHECK(office.events() == Names{"opened aws vpc-1", "resolved aws vpc-1"});
}

TEST_CASE("stacks that share many objects are told once") {
    Office office;
    Names many;
    for (int i = 0; i < 40; ++i) many.push_back("aws vpc-" + std::to_string(i));
    office.look(office.a, many);
    office.look(office.b, many);
    office.look(office.a, many);
    office.tick();
    many.pop_back();
    office.look(office.b, many);
    office.tick();
    CHECK(office.events() == Names{"opened infra/a + infra/b"});
    office.look(office.b, {});
    office.tick();
    CHECK(office.events() == Names{"opened infra/a + infra/b", "resolved infra/a + infra/b"});
}

TEST_CASE("a mute holds an ownership back until it ends") {
    Office office;
    REQUIRE(office.mutes.add({"kind=ownership"}, 1h, "maintenance", "ada", office.clock.now())
                .has_value());
    office.look(office.a, {"aws vpc-1"});
    office.look(office.b, {"aws vpc-1"});
    office.look(office.a, {"aws vpc-1"});
    office.tick();
    CHECK(office.events().empty());
    office.clock.advance(61min);
    office.tick();
    CHECK(office.events() == Names{"opened aws vpc-1"});
}

}  // namespace ownership_watch_test
