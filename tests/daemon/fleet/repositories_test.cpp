#include "daemon/fleet/repositories.hpp"

#include <doctest/doctest.h>

#include <chrono>
#include <future>
#include <thread>

#include "daemon/store/store.hpp"
#include "tests/daemon/fake_clock.hpp"
#include "tests/support/deaf_server.hpp"
#include "tests/support/eventually.hpp"
#include "tests/support/git_world.hpp"

using namespace driftkeeper;
using namespace driftkeeper::tests;

namespace repositories_test {
namespace {

RepositorySettings infraAt(const GitWorld& git) {
    RepositorySettings repository;
    repository.name = "infra";
    repository.url = git.fileUrl();
    repository.ref = "main";
    return repository;
}

Settings settingsOf(const RepositorySettings& repository) {
    Settings settings;
    settings.repositories = {repository};
    return settings;
}

// What follows a repository, as the daemon makes it, without the threads that check and tell.
struct World {
    GitWorld git;
    TempDir room;
    RepositorySettings repository = infraAt(git);
    CurrentSettings settings{settingsOf(repository)};
    FakeClock clock;
    std::unique_ptr<Store> store = Store::open(room.path()).value();
    Checkouts checkouts{room.path() / "git"};
    Scheduler scheduler{clock};
    Overview overview;
    Mutes mutes{settings, *store};
    RuleBook rules{settings};
    Alerter alerter{settings, *store, overview, mutes, rules, clock, [] {}};
    Repositories repositories{settings, checkouts, *store, scheduler,
                              overview, alerter,   rules,  clock};

    // The owners of the one stack after its repository was read, in the store and for the next
    // check.
    std::vector<std::string> owners() {
        REQUIRE(repositories.sync(repository, {}).has_value());
        const auto stacks = store->stacks.list().value();
        REQUIRE(stacks.size() == 1);
        CHECK(scheduler.find(stacks[0].id)->owners() == stacks[0].owners());
        return stacks[0].owners();
    }

    // The one stack was checked with other files than there are.
    void noteCheck() {
        Check check;
        check.id = "check";
        check.stackId = store->stacks.list().value().at(0).id;
        check.started = check.finished = clock.now();
        REQUIRE(store->record(check, [](const Memory&) { return Decision(); }).has_value());
    }

    // What the repository is at when the next commit has made the stack due; empty: none did in
    // time.
    std::string commitThatMakesDue() {
        std::stop_source patience;
        auto next =
            std::async(std::launch::async, [&] { return scheduler.next(patience.get_token()); });
        if (next.wait_for(std::chrono::seconds(30)) != std::future_status::ready)
            patience.request_stop();
        const auto job = next.get();
        if (!job) return "";
        scheduler.finished(job->stack.id, 0, std::nullopt);
        return repositories.commit("infra");
    }
};

using Words = std::vector<std::string>;

}  // namespace

TEST_CASE("a repository that is poked is fetched at once, however long its poll is") {
    World world;
    world.git.write("prod/net/main.tf", "resource \"box_item\" \"a\" { name = \"a\" }");
    world.git.commit("one");
    CHECK(world.owners().empty());
    world.noteCheck();
    auto settings = *world.settings.get();
    settings.repositories[0].poll = Seconds(24 * 3600);
    world.settings.set(settings);
    CHECK_FALSE(world.repositories.poke("other"));
    std::jthread following([&](const std::stop_token& stop) { world.repositories.run(stop); });
    for (const char* name : {"two", "three"}) {
        world.git.write("prod/net/main.tf", std::string("# ") + name);
        const auto next = world.git.commit(name);
        CHECK(world.repositories.poke("infra"));
        CHECK(world.commitThatMakesDue() == next);
    }
}

TEST_CASE("servers that say nothing cost their own repositories only") {
    const DeafServer deaf;
    World world;
    world.git.write("prod/net/main.tf", "resource \"box_item\" \"a\" { name = \"a\" }");
    const auto commit = world.git.commit("one");
    auto settings = *world.settings.get();
    const auto good = settings.repositories[0];
    settings.repositories.clear();
    for (int i = 0; i < 10; ++i) {
        auto& silent = settings.repositories.emplace_back();
        silent.name = "silent" + std::to_string(i);
        silent.url = "http://127.0.0.1:" + std::to_string(deaf.port()) + "/x.git";
    }
    settings.repositories.push_back(good);
    world.settings.set(settings);
    std::jthread following([&](const std::stop_token& stop) { world.repositories.run(stop); });
    const auto isRead = [&] {
        world.clock.advance(std::chrono::seconds(1));
        return !world.repositories.commit("infra").empty();
    };
    CHECK(tests::eventually(isRead, std::chrono::seconds(20)));
    CHECK(world.repositories.commit("infra") == commit);
}

TEST_CASE("the latest commit is one that came before it was asked for") {
    World world;
    world.git.write("prod/net/main.tf", "resource \"box_item\" \"a\" { name = \"a\" }");
    world.git.commit("one");
    std::jthread following([&](const std::stop_token& stop) { world.repositories.run(stop); });
    for (const char* name : {"two", "three"}) {
        world.git.write("prod/net/main.tf", std::string("# ") + name);
        const auto next = world.git.commit(name);
        CHECK(world.repositories.latest(world.repository, {}).value() == next);
    }
}

TEST_CASE("nobody waits for a repository whose last poll failed") {
    World world;
    world.repository.url = "http://127.0.0.1:1/x.git";
    CHECK_FALSE(world.repositories.sync(world.repository, {}).has_value());
    CHECK_FALSE(world.repositories.latest(world.repository, {}).has_value());
}

TEST_CASE(
    "the owners in CODEOWNERS of the tracked ref count from the commit on that brings them, "
    "without a check") {
    World world;
    world.git.write("prod/net/main.tf", "resource \"box_item\" \"a\" { name = \"a\" }");
    world.git.commit("a stack");
    CHECK(world.owners().empty());
    const auto job = world.scheduler.take();
    if (job) world.scheduler.finished(job->stack.id, 0, std::nullopt);

    world.git.write("docs/CODEOWNERS", "* @org/all\n/prod/ @org/prod\n");
    world.git.commit("owners");
    CHECK(world.owners() == Words{"@org/prod"});
    world.git.write(".github/CODEOWNERS", "/prod/net/ @org/net @org/cloud\n");
    world.git.commit("other owners");
    CHECK(world.owners() == Words{"@org/net", "@org/cloud"});
    world.git.branch("elsewhere");
    world.git.checkout("elsewhere");
    world.git.write(".github/CODEOWNERS", "* @mallory\n");
    world.git.commit("owners of another branch");
    CHECK(world.owners() == Words{"@org/net", "@org/cloud"});
    world.git.checkout("main");
    world.git.remove(".github/CODEOWNERS");
    world.git.remove("docs/CODEOWNERS");
    world.git.commit("no owners");
    CHECK(world.owners().empty());
    CHECK_FALSE(world.scheduler.take().has_value());
}

TEST_CASE("the owner of the settings stays whatever CODEOWNERS says") {
    World world;
    StackSettings net;
    net.path = "prod/net";
    net.owner = "@org/net";
    world.repository.stacks = {net};
    world.git.write("prod/net/main.tf", "resource \"box_item\" \"a\" { name = \"a\" }");
    world.git.write("CODEOWNERS", "* @org/all\n/prod/net/\n");
    world.git.commit("a stack that nobody owns");
    CHECK(world.owners() == Words{"@org/net"});
    world.git.write("CODEOWNERS", "* @org/all\n");
    world.git.commit("everybody's");
    CHECK(world.owners() == Words{"@org/net", "@org/all"});
}

}  // namespace repositories_test
