#include "daemon/check/check_runner.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <functional>
#include <thread>

#include "daemon/store/sqlite.hpp"
#include "tests/daemon/fake_clock.hpp"
#include "tests/support/git_world.hpp"

using namespace driftkeeper;
using namespace driftkeeper::tests;
using namespace std::chrono_literals;

namespace check_runner_test {
namespace {

using Names = std::vector<std::string>;
using Look = std::function<Report(const Workspace&, const std::optional<LastClean>&)>;

// Says of a stack what a test wants it to.
class ScriptedProvider final : public Provider {
public:
    explicit ScriptedProvider(Look& look) : look_(look) {}
    [[nodiscard]] std::string_view name() const noexcept override { return "terraform"; }
    Report inspect(const Workspace& workspace, const std::optional<LastClean>& lastClean,
                   std::stop_token) override {
        return look_(workspace, lastClean);
    }

private:
    Look& look_;
};

Report inSync() {
    Report report;
    report.completeness = Completeness::Complete;
    report.resources = 1;
    return report;
}

Report drifted(const std::string& address = "box_item.a") {
    Report report = inSync();
    Drift drift;
    drift.address = address;
    drift.type = "box_item";
    drift.side = Side::Live;
    drift.cause = "out_of_band";
    report.drifts.push_back(drift);
    return report;
}

RepositorySettings infraAt(const GitWorld& git) {
    RepositorySettings repository;
    repository.name = "infra";
    repository.url = git.fileUrl();
    repository.ref = "main";
    return repository;
}

Settings settingsOf(const RepositorySettings& repository, const std::filesystem::path& room) {
    Settings settings;
    settings.stateDirectory = room;
    settings.checks.groupWait = 0s;
    settings.repositories = {repository};
    settings.channels.emplace_back().name = "chat";
    return settings;
}

// A real repository with one stack, a real store, and all that a check goes through but the tools.
struct World {
    GitWorld git;
    TempDir room;
    RepositorySettings repository = infraAt(git);
    CurrentSettings settings{settingsOf(repository, room.path())};
    FakeClock clock;
    std::unique_ptr<Store> store = Store::open(room.path()).value();
    Checkouts checkouts{room.path() / "git"};
    Scheduler scheduler{clock};
    Overview overview;
    Metrics metrics{"test"};
    Mutes mutes{settings, *store};
    RuleBook rules{settings};
    Alerter alerter{settings, *store, overview, mutes, rules, clock, [] {}};
    Repositories repositories{settings, checkouts, *store, scheduler,
                              overview, alerter,   rules,  clock};
    Running running{clock, [](std::string_view) {}};
    Look look = [](const Workspace&, const std::optional<LastClean>&) { return inSync(); };
    Providers providers;
    int published = 0;
    CheckRunner runner{{settings, checkouts, repositories, providers, *store, overview, metrics,
                        alerter, rules, clock, running, LaysOver::No,
                        [this](const StackStatus&) { ++published; }}};

    World() {
        providers["terraform"] = std::make_unique<ScriptedProvider>(look);
        git.write("net/main.tf", "resource \"box_item\" \"a\" { name = \"a\" }\n");
        commit("a stack");
    }

    // A drift is only told once the newest commit is known: somebody has to fetch it.
    void follow() {
        polling = std::jthread([this](const std::stop_token& stop) { repositories.run(stop); });
    }

    // A commit that the daemon knows of.
    std::string commit(const std::string& message) {
        const auto made = git.commit(message);
        REQUIRE(repositories.sync(repository, {}).has_value());
        return made;
    }
    [[nodiscard]] Stack stack() const {
        const auto stacks = store->stacks.list().value();
        REQUIRE(stacks.size() == 1);
        return stacks[0];
    }
    CheckRunner::Outcome check() {
        clock.advance(1min);
        return runner.run(stack(), {});
    }
    CheckRunner::Outcome check(const Report& report) {
        look = [&](const Workspace&, const std::optional<LastClean>&) { return report; };
        return check();
    }
    [[nodiscard]] std::vector<Check> history() const {
        return store->checks.history(stack().id, 10).value();
    }
    [[nodiscard]] StackStatus status() const { return store->stacks.status(stack().id)->value(); }
    // What people were notified of, in order.
    [[nodiscard]] Names events() const {
        Names events;
        auto deliveries = store->deliveries.list(100).value();
        std::ranges::sort(deliveries, {}, &Delivery::order);
        const auto incidents = store->incidents.list(false, 100).value();
        for (const auto& delivery : deliveries) {
            const auto of = std::ranges::find(incidents, delivery.incidentId, &Incident::id);
            events.push_back(std::string(name(delivery.event)) + " " + std::string(name(of->kind)));
        }
        return events;
    }
    std::jthread polling;  // ends before what it uses
};

}  // namespace

TEST_CASE("a drift is reported when a second look confirms it, and its end at once") {
    World world;
    world.follow();
    CHECK(world.check(inSync()).again == std::nullopt);
    const auto first = world.check(drifted());
    CHECK(first.again == Seconds(30));
    CHECK(world.events().empty());
    CHECK(world.status().open.empty());
    const auto second = world.check(drifted());
    CHECK(second.again == std::nullopt);
    CHECK(world.events() == Names{"opened drift"});
    REQUIRE(world.status().open.size() == 1);
    CHECK(world.status().open[0].drift.address == "box_item.a");
    CHECK(world.overview.find("infra/net")->verdict == Verdict::Drifted);
    world.check(inSync());
    CHECK(world.events() == Names{"opened drift", "resolved drift"});
    CHECK(world.overview.find("infra/net")->verdict == Verdict::InSync);
    CHECK(world.published == 4);
    CHECK(world.running.list().empty());
}

TEST_CASE("the provider gets the stack as it is in the commit, and a place of its own") {
    World world;
    world.git.write("net/main.tf", "# two\n");
    const auto commit = world.commit("two");
    world.git.write("net/main.tf", "# not committed\n");
    bool looked = false;
    world.look = [&](const Workspace& workspace, const std::optional<LastClean>& lastClean) {
        looked = true;
        CHECK(readFile(workspace.directory / "main.tf") == "# two\n");
        CHECK(workspace.directory == workspace.root / "net");
        CHECK(workspace.commit == commit);
        CHECK(workspace.repositoryUrl == world.repository.url);
        CHECK(std::filesystem::is_directory(workspace.privateDirectory));
        CHECK(std::ranges::count(workspace.hidden, world.room.path()) == 1);
        CHECK_FALSE(lastClean.has_value());
        workspace.progress("planning");
        CHECK(world.running.list().at(0).step == "planning");
        return inSync();
    };
    world.check();
    CHECK(looked);
    REQUIRE(world.history().size() == 1);
    CHECK(world.history()[0].commit == commit);
    CHECK(world.history()[0].log.back().text == "planning");
}

TEST_CASE("a look is given what the last clean one knew") {
    World world;
    Report clean = inSync();
    clean.evidence.stateSerial = 7;
    world.check(clean);
    world.check(failedReport("credentials", "no token"));
    std::optional<LastClean> given;
    world.look = [&](const Workspace&, const std::optional<LastClean>& lastClean) {
        given = lastClean;
        return inSync();
    };
    world.check();
    REQUIRE(given);
    CHECK(given->evidence.stateSerial == 7);
    CHECK(given->commit == world.git.head());
}

TEST_CASE("a drift that is a commit which came meanwhile is looked at again before it counts") {
    World world;
    world.follow();
    int looks = 0;
    world.look = [&](const Workspace& workspace, const std::optional<LastClean>&) {
        if (++looks > 1) {
            CHECK(readFile(workspace.directory / "main.tf") == "# applied by somebody\n");
            return inSync();
        }
        world.git.write("net/main.tf", "# applied by somebody\n");
        world.git.commit("applied while it was looked at");
        return drifted();
    };
    world.check();
    CHECK(looks == 2);
    REQUIRE(world.history().size() == 1);
    CHECK(world.history()[0].commit == world.git.head());
    CHECK(world.history()[0].verdict() == Verdict::InSync);
}

TEST_CASE("a commit that does not touch the stack makes nobody look again") {
    World world;
    world.follow();
    int looks = 0;
    world.look = [&](const Workspace&, const std::optional<LastClean>&) {
        ++looks;
        world.git.write("docs/readme.md", "# words\n");
        world.git.commit("words");
        return drifted();
    };
    world.check();
    CHECK(looks == 1);
    CHECK(world.history().at(0).verdict() == Verdict::Drifted);
}

TEST_CASE("a repository that changes during each of three looks says nothing about its drifts") {
    World world;
    world.follow();
    world.check(inSync());
    int looks = 0;
    world.look = [&](const Workspace&, const std::optional<LastClean>&) {
        world.git.write("net/main.tf", "# " + std::to_string(++looks) + "\n");
        world.git.commit("another one");
        return drifted();
    };
    const auto outcome = world.check();
    CHECK(looks == 3);
    CHECK(outcome.failures == 1);
    CHECK(world.history().at(0).report.reason->code == "moving");
    CHECK(world.status().open.empty());
}

TEST_CASE("a look that is cut short by the end of the daemon leaves nothing behind") {
    World world;
    std::stop_source source;
    world.look = [&](const Workspace&, const std::optional<LastClean>&) {
        source.request_stop();
        return failedReport("stopped", "the daemon stops");
    };
    const auto outcome = world.runner.run(world.stack(), source.get_token());
    CHECK(outcome.stopped);
    CHECK(world.history().empty());
    CHECK(world.published == 0);
}

TEST_CASE("a failed look is counted and changes nothing of what is known") {
    World world;
    world.follow();
    world.check(inSync());
    world.check(drifted());
    world.check(drifted());
    CHECK(world.check(failedReport("credentials", "no token")).failures == 1);
    CHECK(world.check(failedReport("credentials", "no token")).failures == 2);
    CHECK(world.status().open.size() == 1);
    CHECK(world.events() == Names{"opened drift"});
    CHECK(world.check(drifted()).failures == 0);
}

TEST_CASE("what the program has no provider for, and what was never read, is a failed look") {
    World world;
    const auto known = world.stack();
    world.providers.clear();
    world.check();
    CHECK(world.history().at(0).report.reason->code == "setup");

    auto settings = *world.settings.get();
    settings.repositories.clear();
    world.settings.set(settings);
    world.runner.run(known, {});
    CHECK(world.history().at(0).report.reason->code == "not_checked_yet");
}

TEST_CASE("what an ignore rule takes out is listed and reported to nobody") {
    World world;
    world.follow();
    auto settings = *world.settings.get();
    auto& rule = settings.ignores.emplace_back();
    rule.name = "settings/noise";
    rule.match.address = {"box_item.*"};
    world.settings.set(settings);
    for (int i = 0; i < 3; ++i) world.check(drifted());
    CHECK(world.events().empty());
    CHECK(world.history().at(0).verdict() == Verdict::InSync);
    CHECK(world.overview.find("infra/net")->suppressed == 1);
}

TEST_CASE(
    "a drift says who last touched the files of its stack, also in the look that confirms it") {
    World world;
    world.follow();
    world.git.write("net/main.tf", "# Grace's\n");
    const auto touched = world.git.commit("a change of net", "Grace <grace@example.org>");
    world.git.write("docs/readme.md", "# words\n");
    world.commit("words");
    world.check(inSync());
    CHECK_FALSE(world.history().at(0).touch.has_value());
    for (int i = 0; i < 2; ++i) {
        world.check(drifted());
        const auto check = world.history().at(0);
        REQUIRE(check.touch.has_value());
        CHECK(check.touch->commit == touched);
        CHECK(check.touch->author == "Grace");
    }
}

TEST_CASE("a complete look ends the staleness of its stack, another one does not") {
    World world;
    Trouble stale;
    stale.kind = IncidentKind::Stale;
    stale.subject = world.stack().id;
    stale.shownName = "infra/net";
    stale.cause = "not_checked_yet";
    stale.text = "stack infra/net had no complete check";
    REQUIRE(world.alerter.open(stale));
    world.check(failedReport("credentials", "no token"));
    CHECK(world.events() == Names{"opened stale"});
    world.check(inSync());
    CHECK(world.events() == Names{"opened stale", "resolved stale"});
}

TEST_CASE("a check that cannot be recorded runs again soon, and its drift is not forgotten") {
    World world;
    world.follow();
    world.check(inSync());
    auto database = sqlite::open(world.room / "driftkeeper.db");
    REQUIRE(database.has_value());
    const auto run = [&](std::string_view statement) {
        REQUIRE(database->run(statement).has_value());
    };
    run("ALTER TABLE checks RENAME TO elsewhere");
    const auto outcome = world.check(drifted());
    CHECK(outcome.again == Seconds(30));
    CHECK(world.published == 1);
    run("ALTER TABLE elsewhere RENAME TO checks");
    CHECK(world.history().size() == 1);
    world.check(drifted());
    world.check(drifted());
    CHECK(world.events() == Names{"opened drift"});
}

TEST_CASE("a stack that is gone closes its drifts, and is looked at until its state is empty") {
    World world;
    world.follow();
    world.check(inSync());
    world.check(drifted());
    world.check(drifted());
    auto gone = world.stack();
    gone.every = 20min;
    world.look = [](const Workspace& workspace, const std::optional<LastClean>&) {
        CHECK(std::filesystem::exists(workspace.directory / "main.tf"));  // of the last commit
        Report report = inSync();
        report.resources = 2;
        return report;
    };
    world.git.remove("net/main.tf");
    world.git.write("docs/readme.md", "# words\n");
    world.commit("net is gone");
    CHECK(world.runner.remove(gone, Retired::GoneFromGit, {}) == Seconds(20 * 60));
    CHECK(world.events() == Names{"opened drift", "resolved drift", "opened orphaned"});
    CHECK(world.store->incidents.list(true, 10)->at(0).text ==
          "stack infra/net is gone from Git, and its state still holds 2 resources");
    CHECK_FALSE(world.overview.find("infra/net").has_value());
    CHECK(world.store->stacks.list()->empty());
    CHECK(world.store->incidents.closedSince(TimePoint())->at(0).resolution == "stack_removed");

    world.look = [](const Workspace&, const std::optional<LastClean>&) {
        return failedReport("credentials", "no token");  // what is left is not known: as before
    };
    CHECK(world.runner.remove(gone, Retired::GoneFromGit, {}) == Seconds(20 * 60));
    world.look = [](const Workspace&, const std::optional<LastClean>&) {
        Report report = inSync();
        report.resources = 0;
        return report;
    };
    CHECK(world.runner.remove(gone, Retired::GoneFromGit, {}) == std::nullopt);
    CHECK(world.events().back() == "resolved orphaned");
    CHECK(world.events().size() == 4);
}

}  // namespace check_runner_test
