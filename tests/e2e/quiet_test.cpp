#include <doctest/doctest.h>
#include <fcntl.h>
#include <unistd.h>

#include <cstdlib>
#include <deque>
#include <map>
#include <memory>
#include <set>

#include "tests/e2e/daemon_world.hpp"

using namespace driftkeeper::tests;

namespace quiet_test {
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

constexpr std::chrono::seconds patience{400};

// A state that somebody works on, as terraform's local backend says it.
class Held {
public:
    explicit Held(const std::filesystem::path& state)
        : note_(state.parent_path() / ("." + state.filename().string() + ".lock.info")),
          descriptor_(open(state.c_str(), O_RDWR | O_CLOEXEC)) {
        struct flock whole {};
        whole.l_type = F_WRLCK;
        REQUIRE(fcntl(descriptor_, F_SETLK, &whole) == 0);
        writeFile(
            note_,
            R"({"ID":"1","Operation":"OperationTypeApply","Who":"ci@host","Version":"1.11.4"})");
    }
    ~Held() {
        std::filesystem::remove(note_);
        close(descriptor_);
    }
    Held(const Held&) = delete;

private:
    std::filesystem::path note_;
    int descriptor_;
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
    for (const auto& part : {std::string("infra/content"), std::string("somebody else writes it"),
                             commit.substr(0, 12), std::string("Ada Test")})
        CHECK_MESSAGE(text.find(part) != std::string::npos, text);
    REQUIRE(daemon.awaitVerdict("infra/s0", "in_sync"));
    CHECK(daemon.stack("infra/s0").at("not_told").at(0).at("rule") == "infra/content");
    const auto why = daemon.ask({"explain", "infra/s0"});
    CHECK_MESSAGE(
        why.out.find("suppressed by infra/content: somebody else writes it") != std::string::npos,
        why.out);

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

    const auto made =
        daemon.ask({"silence", "stack=infra/**", "--for", "1h", "--reason", "maintenance"});
    REQUIRE_MESSAGE(made.ok(), made.err);
    fleet.open(1, "told later");
    fleet.open(0, "one");
    REQUIRE_MESSAGE(daemon.awaitNotices(2), daemon.log());
    CHECK(line(daemon.notices().at(1)) == "resolved drift -infra/s0:box_item.a(in_sync)");
    REQUIRE(daemon.awaitVerdict("infra/s1", "drifted"));
    daemon.awaitChecks("infra/s1", 3);
    CHECK(daemon.notices().size() == 2);
    const auto why = daemon.ask({"explain", "infra/s1", "box_item.a"});
    CHECK_MESSAGE(why.out.find("  muted until ") != std::string::npos, why.out);

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

TEST_CASE("what several stacks share is told once a route, and resolved once") {
    const char* wanted = std::getenv("DRIFTKEEPER_FLEET");
    const std::size_t size = wanted != nullptr ? static_cast<std::size_t>(std::atoi(wanted)) : 4;
    Fleet fleet(size);
    DaemonWorld daemon(fleet.stacks[0]);
    // Many stacks have to wait for their turn: that is no staleness here.
    daemon.checks =
        "{ every: 2s, timeout: 60s, confirm: 2, confirm_after: 1s, parallel: 2, stale_after: 1h, "
        "group_wait: " +
        std::to_string(20 + 5 * size) + "s }";
    daemon.channels = "channels:\n  - { name: one, webhook: { url: \"" + daemon.hook.url() +
                      "\" } }\n  - { name: two, webhook: { url: \"" + daemon.hook.url() +
                      "\" } }\n";
    daemon.more =
        "routes:\n  - { match: { side: [live] }, channels: [one], continue: true }\n  - { "
        "channels: [two] }\n";
    daemon.watch("infra", fleet.git.path().string());
    daemon.start();
    const auto everyStack = [&](const auto& what) {
        for (std::size_t i = 0; i < size; ++i) what("infra/s" + std::to_string(i));
    };
    everyStack([&](const std::string& stack) {
        REQUIRE_MESSAGE(eventually([&] { return daemon.awaitVerdict(stack, "in_sync"); }, patience),
                        daemon.log());
    });
    for (std::size_t i = 0; i < size; ++i) fleet.open(i, "a policy");
    REQUIRE_MESSAGE(daemon.awaitNotices(2, patience), daemon.log());
    std::set<std::string> incidents;
    for (const auto& notice : daemon.notices()) {
        CHECK(notice.at("event") == "opened");
        CHECK(notice.at("incident").at("cause") == "same_change");
        CHECK(notice.at("opened").size() == size);
        CHECK(notice.at("stacks").size() == size);
        incidents.insert(notice.at("incident").at("id"));
    }
    CHECK(incidents.size() == 2);
    for (std::size_t i = 0; i < size; ++i) fleet.open(i, "one");
    REQUIRE_MESSAGE(eventually([&] { return count(daemon, "resolved") == 2; }, patience),
                    daemon.log());
    CHECK(count(daemon, "opened") == 2);
    CHECK(daemon.api("incidents").at("incidents").size() == 2);
}

TEST_CASE("what one commit asks of many stacks is one incident that names it") {
    Fleet fleet(4);
    DaemonWorld daemon(fleet.stacks[0]);
    daemon.checks =
        "{ every: 2s, timeout: 60s, confirm: 2, confirm_after: 1s, unapplied_grace: 20s, "
        "group_wait: 60s }";
    daemon.watch("infra", fleet.git.path().string());
    daemon.start();
    for (std::size_t i = 0; i < 4; ++i)
        REQUIRE(daemon.awaitVerdict("infra/s" + std::to_string(i), "in_sync"));
    for (std::size_t i = 0; i < 4; ++i)
        fleet.stacks[i].write("resource \"box_item\" \"a\" {\n  name = \"a\"\n  content = \"new " +
                              std::to_string(i) + "\"\n}\n");
    const auto commit = fleet.git.commit("new contents");
    REQUIRE_MESSAGE(daemon.awaitNotices(1, patience), daemon.log());
    const auto notice = daemon.notices().at(0);
    CHECK(notice.at("incident").at("cause") == "same_actor");
    CHECK(notice.at("opened").size() == 4);
    CHECK(notice.at("incident").at("subject") == "commit " + commit.substr(0, 12) + " of Ada Test");
    CHECK(daemon.notices().size() == 1);
}

TEST_CASE("what cannot be looked at is one incident each, with its reason and its end") {
    Fleet fleet(3);
    GitWorld away;
    away.write("README.md", "nothing to check yet\n");
    away.commit("readme");
    DaemonWorld daemon(fleet.stacks[0]);
    daemon.checks = "{ every: 1s, timeout: 60s, confirm: 2, confirm_after: 1s, stale_after: 12s }";
    daemon.watch("infra", fleet.git.path().string());
    daemon.watch("away", away.path().string());
    daemon.start();
    for (const auto* stack : {"infra/s0", "infra/s1", "infra/s2"})
        REQUIRE(daemon.awaitVerdict(stack, "in_sync"));

    const auto moved = away.path().parent_path() / "moved";
    std::filesystem::rename(away.path(), moved);
    fleet.git.write("s0/broken.tf", "resource {\n");
    fleet.git.commit("broken");
    auto holder = std::make_unique<Held>(fleet.stacks[1].stateFile());
    const auto reasons = [&] {
        std::map<std::string, std::string> found;
        const Json all = daemon.api("incidents");
        for (const auto& incident : all.at("incidents"))
            if (incident.at("closed").is_null()) {
                const std::string kind = incident.at("kind");
                found[kind + ' ' + incident.at("text").get<std::string>().substr(0, 14)] =
                    incident.at("cause");
            }
        return found;
    };
    REQUIRE_MESSAGE(eventually([&] { return reasons().size() == 3; }, patience), daemon.log());
    std::multiset<std::string> causes;
    for (const auto& [subject, cause] : reasons()) causes.insert(cause);
    CHECK(causes.count("broken_configuration") == 1);
    CHECK(causes.count("state_locked") == 1);
    daemon.awaitChecks("infra/s2", 3);
    CHECK(count(daemon, "opened") == 3);

    std::filesystem::rename(moved, away.path());
    fleet.git.remove("s0/broken.tf");
    fleet.git.commit("repaired");
    holder.reset();
    REQUIRE_MESSAGE(eventually([&] { return count(daemon, "resolved") == 3; }, patience),
                    daemon.log());
    CHECK(count(daemon, "opened") == 3);
}

TEST_CASE("rules are listed with what they hid, and tried on the history before they are written") {
    Fleet fleet(1);
    DaemonWorld daemon(fleet.stacks[0]);
    daemon.more =
        "ignores:\n  - { name: names, match: { type: box_item, attribute: name }, reason: renamed "
        "by hand }\n";
    daemon.watch("infra", fleet.git.path().string());
    daemon.start();
    REQUIRE(daemon.awaitVerdict("infra/s0", "in_sync"));
    fleet.open(0, "two");
    REQUIRE_MESSAGE(daemon.awaitNotices(1), daemon.log());
    const auto tried = daemon.ask({"ignores", "test", "{type: box_item, attribute: content}"});
    REQUIRE_MESSAGE(tried.ok(), tried.err);
    CHECK_MESSAGE(tried.out.find("1 addresses, 1 of them alerted") != std::string::npos, tried.out);
    CHECK(tried.out.find("box_item.a") != std::string::npos);
    const auto refused = daemon.ask({"ignores", "test", "{adress: x}"});
    CHECK(refused.status == 2);
    CHECK(refused.err.find("address") != std::string::npos);
    const auto listed = daemon.ask({"ignores"});
    for (const auto* name : {"builtin/cascade", "builtin/cosmetic", "settings/names"})
        CHECK_MESSAGE(listed.out.find(name) != std::string::npos, listed.out);
}

}  // namespace quiet_test
