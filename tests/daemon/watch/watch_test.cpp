#include "daemon/watch/watch.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <iterator>
#include <thread>

#include "daemon/base/guarded.hpp"
#include "daemon/store/sqlite.hpp"
#include "tests/daemon/fake_clock.hpp"
#include "tests/support/eventually.hpp"
#include "tests/support/files.hpp"

using namespace driftkeeper;
using namespace std::chrono_literals;
using driftkeeper::tests::FakeClock;

namespace watch_test {
namespace {

constexpr Seconds staleAfter = 2h;

// A daemon with one stack, and whoever watches it, in a time of their own.
struct Office {
    tests::TempDir folder;
    FakeClock clock;
    CurrentSettings settings{[this] {
        Settings made;
        made.channels.emplace_back().name = "chat";
        made.stateDirectory = folder.path();
        return made;
    }()};
    std::unique_ptr<Store> store = openStore();
    Overview overview;
    RuleBook rules{settings};
    Mutes mutes{settings, *store};
    Alerter alerter{settings, *store, overview, mutes, rules, clock, [] {}};
    Scheduler scheduler{clock};
    Stack stack = keep("a");
    Workers workers{scheduler, clock, [](const Job&, const std::stop_token&) {},
                    [](const std::string&) { return std::nullopt; }, 0};
    Guarded<std::vector<Delivery>> sent;  // past the store
    std::optional<Watch> watch;

    Office() { start(); }

    // Half a mebibyte is what its database may have.
    std::unique_ptr<Store> openStore() const {
        sqlite::OpenOptions options;
        options.mostPages = 128;
        return std::make_unique<Store>(sqlite::openDirectory(folder.path(), options).value());
    }

    [[nodiscard]] std::vector<Event> sentPast() {
        CHECK(tests::eventually([&] { return !watch->isSending(); }, 20s));
        return sent.with([](const auto& all) {
            std::vector<Event> events;
            for (const auto& one : all) events.push_back(one.event);
            return events;
        });
    }

    void start() {
        watch.emplace(
            settings, *store, scheduler, overview, mutes, alerter, clock,
            [this](std::vector<Delivery> unkept) {
                sent.with([&](auto& all) { std::ranges::move(unkept, std::back_inserter(all)); });
                return std::vector<Delivery>();
            },
            workers);
        watch->tick();
    }

    Stack keep(const std::string& name) {
        Stack kept;
        kept.provider = "terraform";
        kept.repository = "infra";
        kept.name = kept.path = name;
        kept.every = 10min;
        kept.staleAfter = staleAfter;
        kept = store->stacks.keep(kept).value();
        scheduler.keep(kept, std::nullopt, 0, true);
        return kept;
    }

    // The stack's next check, if it is due: complete and in sync.
    bool check() {
        const auto job = scheduler.take();
        if (!job) return false;
        Check made;
        made.id = "check " + std::to_string(++checks_);
        made.stackId = stack.id;
        made.started = made.finished = clock.now();
        REQUIRE(store->record(std::move(made), [](const Memory&) { return Decision(); }));
        overview.keep(**store->stacks.status(stack.id));
        scheduler.finished(stack.id, 0, std::nullopt);
        return true;
    }

    void pass(Seconds time) {
        for (Seconds passed{0}; passed < time; passed += 1min) {
            clock.advance(1min);
            watch->tick();
        }
    }

    [[nodiscard]] std::size_t stale() const {
        const auto open = store->incidents.list(true, 100).value();
        return static_cast<std::size_t>(
            std::ranges::count(open, IncidentKind::Stale, &Incident::kind));
    }

private:
    int checks_ = 0;
};

}  // namespace

TEST_CASE("a clock that was ahead and is set right stops neither checks nor the stale alert") {
    Office office;
    REQUIRE(office.check());
    office.clock.set(24h * 40);
    office.pass(11min);
    REQUIRE(office.check());
    CHECK(office.stale() == 0);

    office.clock.set(-24h * 40);
    office.pass(11min);
    CHECK(office.check());
    office.pass(staleAfter + 2min);
    CHECK(office.stale() == 1);
}

TEST_CASE("no stack is stale because the clock was set ahead") {
    Office office;
    REQUIRE(office.check());
    office.clock.set(24h * 400);
    office.pass(5min);
    CHECK(office.stale() == 0);
}

TEST_CASE("a clock that is years behind stops neither checks nor the stale alert") {
    Office office;
    REQUIRE(office.check());
    office.clock.set(-24h * 730);
    office.pass(11min);
    CHECK(office.check());
    office.pass(staleAfter + 2min);
    CHECK(office.stale() == 1);
}

TEST_CASE("what was written by a clock that was ahead counts as written now") {
    Office office;
    office.clock.set(24h * 40);
    office.pass(1min);
    REQUIRE(office.check());
    REQUIRE(office.mutes.add({"stack=**"}, 1h, "work", "ops", office.clock.now()));

    office.clock.set(-24h * 40);
    SUBCASE("as soon as it is set right") {
        office.pass(1min);
    }
    SUBCASE("when the daemon starts after that") {
        office.watch.reset();
        REQUIRE(office.mutes.load());
        office.start();
    }
    CHECK(office.overview.find("infra/a")->lastConclusive <= office.clock.now());
    CHECK(office.mutes.silences().front().until <= office.clock.now() + 1h);
}

TEST_CASE("a state that cannot be written is alerted once past it, and its end when it is over") {
    Office office;
    Check unrecorded;
    unrecorded.id = "full";
    unrecorded.stackId = office.stack.id;
    REQUIRE(office.check());
    REQUIRE_FALSE(office.store->notes.keep("large", std::string(1U << 20U, 'x')).has_value());
    office.overview.keepUnrecorded(std::make_shared<const Check>(unrecorded));
    office.pass(3min);
    CHECK(office.sentPast() == std::vector{Event::Opened});
    CHECK(office.store->trouble().value().code == "store_full");
    CHECK(office.overview.find("infra/a")->verdict == Verdict::Inconclusive);

    REQUIRE(office.store->notes.keep("small", "x").has_value());
    office.pass(3min);
    CHECK(office.sentPast() == std::vector{Event::Opened});

    office.pass(11min);
    REQUIRE(office.check());
    office.pass(3min);
    CHECK(office.sentPast() == std::vector{Event::Opened, Event::Resolved});
    CHECK_FALSE(office.store->trouble().has_value());
}

TEST_CASE("the time in which the state cannot be written makes no stack stale") {
    Office office;
    REQUIRE(office.check());
    office.pass(1h);
    Check unrecorded;
    unrecorded.id = "full";
    unrecorded.stackId = office.stack.id;
    REQUIRE_FALSE(office.store->notes.keep("large", std::string(1U << 20U, 'x')).has_value());
    office.overview.keepUnrecorded(std::make_shared<const Check>(unrecorded));
    office.pass(staleAfter * 3);
    CHECK(office.sentPast() == std::vector{Event::Opened});
    CHECK(office.stale() == 0);

    office.overview.keep(**office.store->stacks.status(office.stack.id));
    office.pass(30min);
    CHECK(office.sentPast() == std::vector{Event::Opened, Event::Resolved});
    CHECK(office.stale() == 0);
    office.pass(1h);
    CHECK(office.stale() == 1);
}

TEST_CASE("a state that was lost is an incident for a day, and no baseline") {
    Office office;
    REQUIRE(office.store->lose("empty", office.clock.now()));
    const auto openOnes = [&] {
        const auto open = office.store->incidents.list(true, 100).value();
        return std::ranges::count(open, std::string("database_replaced"), &Incident::cause);
    };
    office.pass(1min);
    CHECK(openOnes() == 1);
    CHECK(office.store->hasLost());
    office.clock.advance(24h);
    office.pass(1min);
    CHECK(openOnes() == 0);
    CHECK_FALSE(office.store->hasLost());
}

TEST_CASE("a delivery that a wrong clock put off for weeks is due when it is set right") {
    Office office;
    const TimePoint ahead = office.clock.now() + 24h * 40;
    Incident incident;
    incident.id = "one";
    incident.channels = {"chat"};
    Delivery delivery;
    delivery.id = "first";
    delivery.incidentId = "one";
    delivery.channel = "chat";
    delivery.created = delivery.nextAttempt = ahead;
    REQUIRE(office.store->decide(IncidentKind::Drift, "x", [&](const Memory&) {
        Decision decision;
        decision.incidents = {incident};
        decision.deliveries = {delivery};
        return decision;
    }));
    CHECK(office.store->deliveries.due("chat", office.clock.now(), 10).value().empty());
    office.start();
    CHECK(office.store->deliveries.due("chat", office.clock.now(), 10).value().size() == 1);
}

}  // namespace watch_test
