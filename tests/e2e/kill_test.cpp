// kill -9 of the daemon at random moments, again and again: every event arrives, in order, and is
// repeated only with its own id.
#include <doctest/doctest.h>
#include <signal.h>

#include <cstdlib>
#include <map>
#include <random>

#include "tests/e2e/daemon_world.hpp"

using namespace driftkeeper::tests;

TEST_CASE("no alert is lost or overtaken when the daemon is killed at random moments") {
    const char* wanted = std::getenv("DRIFTKEEPER_KILLS");
    const int kills = wanted != nullptr ? std::atoi(wanted) : 12;
    const char* seedText = std::getenv("DRIFTKEEPER_SEED");
    const unsigned seed =
        seedText != nullptr ? static_cast<unsigned>(std::atoi(seedText)) : std::random_device()();
    MESSAGE("seed " << seed << ", " << kills << " kills");
    std::mt19937 random(seed);

    GitWorld git;
    TerraformWorld terraform(git.path() / "net");
    terraform.write("resource \"box_item\" \"a\" {\n  name = \"a\"\n  content = \"one\"\n}\n");
    terraform.apply();
    git.commit("net");
    DaemonWorld daemon(terraform);
    daemon.checks = "{ every: 1s, timeout: 60s, confirm: 1, confirm_after: 1s, stale_after: 1h }";
    daemon.watch("infra", git.path().string());
    daemon.hook.answerUsually(
        {.status = 200, .headers = {}, .body = {}, .delay = std::chrono::milliseconds(40)});
    daemon.start();
    REQUIRE(daemon.awaitVerdict("infra/net", "in_sync"));

    bool drifted = false;
    for (int i = 0; i < kills; ++i) {
        drifted = !drifted;
        terraform.set("a", "content", drifted ? "\"live\"" : "\"one\"");
        const std::chrono::milliseconds moment(std::uniform_int_distribution<int>(0, 2500)(random));
        REQUIRE_MESSAGE(!daemon.endsWithin(moment), daemon.log());
        daemon.stop(SIGKILL);
        const auto check = run({"sqlite3", (daemon.stateDirectory() / "driftkeeper.db").string(),
                                "PRAGMA integrity_check"});
        REQUIRE_MESSAGE(check.out == "ok\n", (check.out + check.err));
        daemon.start();
        // A flip that no check saw is no event: each state is left only after it was seen.
        REQUIRE_MESSAGE(eventually([&] {
                            const auto all = daemon.notices();
                            return (all.empty() ? false : all.back().at("event") == "opened") ==
                                   drifted;
                        }),
                        daemon.log());
    }

    // What arrived, first sight of each delivery: opened and resolved in turn, each pair one
    // incident.
    const auto notices = daemon.notices();
    std::string told;
    for (const auto& notice : notices) told += line(notice) + '\n';
    CAPTURE(told);
    CAPTURE(daemon.log());
    CHECK(notices.size() == static_cast<std::size_t>(kills));
    std::map<std::string, std::string> bodies;
    for (const auto& request : daemon.hook.requests()) {
        const std::string id = Json::parse(request.body).at("id");
        CHECK(request.headers.at("idempotency-key") == id);
        const auto [it, first] = bodies.emplace(id, request.body);
        CHECK(it->second == request.body);
    }
    for (std::size_t i = 0; i < notices.size(); ++i) {
        CHECK(notices[i].at("event") == (i % 2 == 0 ? "opened" : "resolved"));
        if (i % 2 == 1)
            CHECK(notices[i].at("incident").at("id") == notices[i - 1].at("incident").at("id"));
    }
}
