#include <doctest/doctest.h>

#include <deque>

#include "tests/e2e/daemon_world.hpp"

using namespace driftkeeper::tests;

namespace {

// A repository with stacks of one item each, all applied.
struct Fleet {
    GitWorld git;
    std::deque<TerraformWorld> stacks;

    explicit Fleet(std::size_t size) {
        for (std::size_t i = 0; i < size; ++i) {
            auto& stack = stacks.emplace_back(git.path() / ("s" + std::to_string(i)));
            stack.write("resource \"box_item\" \"a\" {\n  name = \"a\"\n  content = \"one\"\n}\n");
            stack.apply();
        }
        git.commit("the fleet");
    }
    void open(std::size_t stack, const std::string& content) {
        stacks.at(stack).set("a", "content", "\"" + content + "\"");
    }
};

std::size_t count(const DaemonWorld& daemon, const std::string& event) {
    std::size_t found = 0;
    for (const auto& notice : daemon.notices()) found += notice.at("event") == event ? 1 : 0;
    return found;
}

}  // namespace

TEST_CASE("an ignore rule that a repository brings hides an open drift, and that is told once") {
    Fleet fleet(1);
    DaemonWorld daemon(fleet.stacks[0]);
    daemon.watch("infra", fleet.git.path().string());
    daemon.start();
    REQUIRE(daemon.awaitVerdict("infra/s0", "in_sync"));
    fleet.open(0, "two");
    REQUIRE_MESSAGE(daemon.awaitNotices(1), daemon.log());

    fleet.git.write(".driftkeeper.yaml",
                    "version: 1\nignores:\n  - name: content\n    reason: somebody else writes it\n"
                    "    match: { type: box_item, attribute: content }\n");
    const auto commit = fleet.git.commit("ignore the content");
    REQUIRE_MESSAGE(daemon.awaitNotices(2), daemon.log());
    const Json hidden = daemon.notices().at(1);
    CHECK(line(hidden) == "resolved drift -infra/s0:box_item.a(ignored)");
    const std::string text = hidden.at("incident").at("text");
    for (const auto& part : {std::string("infra/content"), std::string("somebody else writes it"), commit.substr(0, 12),
                             std::string("Ada Test")})
        CHECK_MESSAGE(text.find(part) != std::string::npos, text);
    REQUIRE(daemon.awaitVerdict("infra/s0", "in_sync"));
    CHECK(daemon.stack("infra/s0").at("not_told").at(0).at("rule") == "infra/content");
    const auto why = daemon.ask({"explain", "infra/s0"});
    CHECK_MESSAGE(why.out.find("not told by infra/content: somebody else writes it") != std::string::npos, why.out);

    // A broken file is one incident, and the last good rules stay in force, also over a restart.
    fleet.git.write(".driftkeeper.yaml", "version: 1\nignores: [\n");
    fleet.git.commit("broken");
    REQUIRE_MESSAGE(daemon.awaitNotices(3), daemon.log());
    CHECK(daemon.notices().at(2).at("incident").at("kind") == "repository");
    CHECK(daemon.notices().at(2).at("incident").at("cause") == "ignore_rules_broken");
    CHECK(daemon.stop() == 0);
    daemon.start();
    daemon.awaitChecks("infra/s0", 2);
    CHECK(daemon.stack("infra/s0").at("verdict") == "in_sync");
    CHECK(daemon.notices().size() == 3);

    // Without the rule it is told again.
    fleet.git.write(".driftkeeper.yaml", "version: 1\n");
    fleet.git.commit("no rules");
    REQUIRE_MESSAGE(daemon.awaitNotices(5), daemon.log());
    CHECK(count(daemon, "opened") == 3);
    CHECK(count(daemon, "resolved") == 2);
}

TEST_CASE("a silence holds back what is new until it ends, and lets an end pass") {
    Fleet fleet(2);
    DaemonWorld daemon(fleet.stacks[0]);
    daemon.watch("infra", fleet.git.path().string());
    daemon.start();
    REQUIRE(daemon.awaitVerdict("infra/s0", "in_sync"));
    REQUIRE(daemon.awaitVerdict("infra/s1", "in_sync"));
    fleet.open(0, "told before");
    REQUIRE_MESSAGE(daemon.awaitNotices(1), daemon.log());

    const auto made = daemon.ask({"silence", "stack=infra/**", "--for", "1h", "--reason", "maintenance"});
    REQUIRE_MESSAGE(made.ok(), made.err);
    fleet.open(1, "told later");
    fleet.open(0, "one");
    REQUIRE_MESSAGE(daemon.awaitNotices(2), daemon.log());
    CHECK(line(daemon.notices().at(1)) == "resolved drift -infra/s0:box_item.a(in_sync)");
    REQUIRE(daemon.awaitVerdict("infra/s1", "drifted"));
    daemon.awaitChecks("infra/s1", 3);
    CHECK(daemon.notices().size() == 2);
    const auto why = daemon.ask({"explain", "infra/s1", "box_item.a"});
    CHECK_MESSAGE(why.out.find("end of a mute") != std::string::npos, why.out);

    // It outlives a restart, and what is still true when it ends is told.
    CHECK(daemon.stop() == 0);
    daemon.start();
    daemon.awaitChecks("infra/s1", 2);
    CHECK(daemon.notices().size() == 2);
    const auto silences = daemon.api("silences").at("silences");
    REQUIRE(silences.size() == 1);
    CHECK(silences.at(0).at("active") == true);
    CHECK(silences.at(0).at("reason") == "maintenance");
    REQUIRE(daemon.ask({"silence", "--end", silences.at(0).at("id").get<std::string>()}).ok());
    REQUIRE_MESSAGE(daemon.awaitNotices(3), daemon.log());
    CHECK(line(daemon.notices().at(2)) == "opened drift +infra/s1:box_item.a");
}

TEST_CASE("what several stacks share is told once, and resolved once") {
    Fleet fleet(4);
    DaemonWorld daemon(fleet.stacks[0]);
    daemon.checks = "{ every: 2s, timeout: 60s, confirm: 2, confirm_after: 1s, parallel: 2, group_wait: 20s }";
    daemon.watch("infra", fleet.git.path().string());
    daemon.start();
    for (const auto* stack : {"infra/s0", "infra/s1", "infra/s2", "infra/s3"})
        REQUIRE(daemon.awaitVerdict(stack, "in_sync"));
    for (std::size_t i = 0; i < 4; ++i) fleet.open(i, "a policy");
    REQUIRE_MESSAGE(daemon.awaitNotices(1), daemon.log());
    const Json opened = daemon.notices().at(0);
    CHECK(opened.at("incident").at("cause") == "same_change");
    CHECK(opened.at("stacks").size() == 4);
    for (const auto* stack : {"infra/s0", "infra/s1", "infra/s2", "infra/s3"}) daemon.awaitChecks(stack, 1);
    CHECK(daemon.notices().size() == 1);
    for (std::size_t i = 0; i < 4; ++i) fleet.open(i, "one");
    REQUIRE_MESSAGE(eventually([&] { return count(daemon, "resolved") == 1; }), daemon.log());
    CHECK(count(daemon, "opened") == 1);
}

TEST_CASE("rules are listed with what they hid, and tried on the history before they are written") {
    Fleet fleet(1);
    DaemonWorld daemon(fleet.stacks[0]);
    daemon.more =
        "ignores:\n  - { name: names, match: { type: box_item, attribute: name }, reason: renamed by hand }\n";
    daemon.watch("infra", fleet.git.path().string());
    daemon.start();
    REQUIRE(daemon.awaitVerdict("infra/s0", "in_sync"));
    fleet.open(0, "two");
    REQUIRE_MESSAGE(daemon.awaitNotices(1), daemon.log());
    const auto tried = daemon.ask({"ignores", "test", "{type: box_item, attribute: content}"});
    REQUIRE_MESSAGE(tried.ok(), tried.err);
    CHECK_MESSAGE(tried.out.find("1 addresses, 1 of them told") != std::string::npos, tried.out);
    CHECK(tried.out.find("box_item.a") != std::string::npos);
    const auto refused = daemon.ask({"ignores", "test", "{adress: x}"});
    CHECK(refused.status == 2);
    CHECK(refused.err.find("address") != std::string::npos);
    const auto listed = daemon.ask({"ignores"});
    for (const auto* name : {"builtin/cascade", "builtin/cosmetic", "settings/names"})
        CHECK_MESSAGE(listed.out.find(name) != std::string::npos, listed.out);
}
