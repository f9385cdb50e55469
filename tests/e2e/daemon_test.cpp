#include <doctest/doctest.h>
#include <signal.h>

#include <algorithm>
#include <sstream>

#include "tests/e2e/daemon_world.hpp"

using namespace driftkeeper::tests;

namespace daemon_test {
namespace {

constexpr std::string_view twoItems = R"(
resource "box_item" "a" {
  name    = "a"
  content = "one"
  secret  = "canary-attribute"
}
resource "box_item" "b" {
  name    = "b"
  content = "two"
  depends = box_item.a.id
}
)";

// A repository with one applied stack in net/.
struct Estate {
    GitWorld git;
    TerraformWorld terraform{git.path() / "net"};

    Estate() {
        terraform.write(twoItems);
        terraform.apply();
        git.commit("net: two items");
    }
};

}  // namespace

TEST_CASE("a live change is told once, and its end once") {
    Estate estate;
    DaemonWorld daemon(estate.terraform);
    daemon.watch("infra", estate.git.path().string());
    daemon.start();
    REQUIRE(daemon.awaitVerdict("infra/net", "in_sync"));

    const std::string before = estate.terraform.object("a");
    estate.terraform.set("a", "content", "\"opened\"");
    REQUIRE_MESSAGE(daemon.awaitNotices(1), daemon.log());
    const Json opened = daemon.notices().at(0);
    CHECK(line(opened) == "opened drift +infra/net:box_item.a");
    const Json drift = opened.at("stacks").at(0).at("drifts").at(0);
    CHECK(drift.at("side") == "live");
    CHECK(drift.at("change") == "modified");
    CHECK(drift.at("cause") == "out_of_band");
    CHECK(drift.at("dependents") == 1);
    CHECK(drift.at("attributes") ==
          Json::parse(R"([{"path":"content","git":"one","live":"opened","sensitive":false}])"));
    daemon.awaitChecks("infra/net", 3);
    CHECK(daemon.notices().size() == 1);
    CHECK(daemon.stack("infra/net").at("drifts").size() == 1);
    CHECK(daemon.stack("infra/net").at("drifts").at(0).contains("first_seen"));

    estate.terraform.set("a", "content", "\"one\"");
    REQUIRE(daemon.awaitNotices(2));
    CHECK(line(daemon.notices().at(1)) == "resolved drift -infra/net:box_item.a(in_sync)");
    CHECK(daemon.notices().at(1).at("incident").at("id") == opened.at("incident").at("id"));
    daemon.awaitChecks("infra/net", 2);
    CHECK(daemon.notices().size() == 2);
    CHECK(daemon.stop() == 0);
}

TEST_CASE("a drift that is there at the first look is the baseline") {
    Estate estate;
    estate.terraform.set("a", "content", "\"opened\"");
    DaemonWorld daemon(estate.terraform);
    daemon.watch("infra", estate.git.path().string());
    daemon.start();
    REQUIRE_MESSAGE(daemon.awaitNotices(1), daemon.log());
    CHECK(line(daemon.notices().at(0)) == "opened drift +infra/net:box_item.a");
    CHECK(daemon.notices().at(0).at("incident").at("cause") == "baseline");
}

TEST_CASE("a commit is told when its grace is over, and resolved by its apply") {
    Estate estate;
    DaemonWorld daemon(estate.terraform);
    daemon.watch("infra", estate.git.path().string());
    daemon.start();
    REQUIRE(daemon.awaitVerdict("infra/net", "in_sync"));

    estate.git.write("net/more.tf", "resource \"box_item\" \"c\" { name = \"c\" }\n");
    estate.git.commit("net: c");
    REQUIRE_MESSAGE(daemon.awaitNotices(1), daemon.log());
    const Json opened = daemon.notices().at(0);
    CHECK(line(opened) == "opened drift +infra/net:box_item.c");
    const Json drift = opened.at("stacks").at(0).at("drifts").at(0);
    CHECK(drift.at("side") == "git");
    CHECK(drift.at("change") == "created");
    CHECK(drift.at("cause") == "unapplied_commit");
    CHECK(daemon.stack("infra/net").at("verdict") == "unapplied");

    estate.terraform.apply();
    REQUIRE_MESSAGE(daemon.awaitNotices(2), daemon.log());
    CHECK(line(daemon.notices().at(1)) == "resolved drift -infra/net:box_item.c(in_sync)");
}

TEST_CASE("other code applied from elsewhere is live drift") {
    Estate estate;
    DaemonWorld daemon(estate.terraform);
    daemon.watch("infra", estate.git.path().string());
    daemon.start();
    REQUIRE(daemon.awaitVerdict("infra/net", "in_sync"));

    const auto main = estate.terraform.stack() / "main.tf";
    const std::string committed = readFile(main);
    writeFile(main, replaced(committed, "\"two\"", "\"hotfix\""));
    estate.terraform.apply();  // never committed
    writeFile(main, committed);
    REQUIRE_MESSAGE(daemon.awaitNotices(1), daemon.log());
    const Json drift = daemon.notices().at(0).at("stacks").at(0).at("drifts").at(0);
    CHECK(drift.at("address") == "box_item.b");
    CHECK(drift.at("side") == "live");
    CHECK(drift.at("cause") == "applied_elsewhere");

    // The hotfix is committed afterwards: Git equals live.
    writeFile(main, replaced(committed, "\"two\"", "\"hotfix\""));
    estate.git.commit("net: the hotfix");
    REQUIRE_MESSAGE(daemon.awaitNotices(2), daemon.log());
    CHECK(line(daemon.notices().at(1)) == "resolved drift -infra/net:box_item.b(in_sync)");
}

TEST_CASE("a stack that leaves Git is closed, and orphaned when its state holds resources") {
    Estate estate;
    DaemonWorld daemon(estate.terraform);
    daemon.watch("infra", estate.git.path().string());
    daemon.start();
    REQUIRE(daemon.awaitVerdict("infra/net", "in_sync"));
    estate.terraform.set("a", "content", "\"opened\"");
    REQUIRE(daemon.awaitNotices(1));

    estate.git.git({"rm", "-rq", "--cached", "net"});
    std::filesystem::remove_all(estate.terraform.stack());
    estate.git.write("README", "nothing left\n");
    estate.git.commit("net is gone");
    REQUIRE_MESSAGE(daemon.awaitNotices(3), daemon.log());
    std::vector<std::string> lines;
    for (const auto& notice : daemon.notices()) lines.push_back(line(notice));
    CHECK(std::count(lines.begin(), lines.end(),
                     "resolved drift -infra/net:box_item.a(stack_removed)") == 1);
    CHECK(std::count(lines.begin(), lines.end(), "opened orphaned") == 1);
    CHECK(daemon.api("stacks").at("stacks").empty());
    const auto logged = [&](const std::string& message, const std::string& field) {
        std::istringstream log(daemon.log());
        int count = 0;
        for (std::string entry; std::getline(log, entry);)
            count +=
                entry.find(message) != std::string::npos && entry.find(field) != std::string::npos
                    ? 1
                    : 0;
        return count;
    };
    CHECK(eventually([&] { return logged("stack removed", "stack=infra/net") == 1; }));
    CHECK(logged("incident closed", "kind=drift") == 1);
    CHECK(logged("incident opened", "kind=orphaned") == 1);

    // What is left of it is looked at again, also after a restart.
    CHECK(daemon.stop() == 0);
    daemon.start();
    Json state = Json::parse(readFile(estate.terraform.stateFile()));
    state["resources"] = Json::array();
    state["serial"] = state.at("serial").get<int>() + 1;
    writeFile(estate.terraform.stateFile(), state.dump());
    REQUIRE_MESSAGE(daemon.awaitNotices(4), daemon.log());
    CHECK(line(daemon.notices().at(3)) == "resolved orphaned");
    CHECK(daemon.notices().at(3).at("incident").at("resolution") == "state_empty");
    CHECK(eventually([&] { return logged("incident closed", "kind=orphaned") == 1; }));
    CHECK(logged("stack removed", "stack=infra/net") == 1);
}

TEST_CASE("a repository that cannot be read is one incident, with its end") {
    Estate estate;
    DaemonWorld daemon(estate.terraform);
    daemon.watch("infra", estate.git.path().string());
    daemon.start();
    REQUIRE(daemon.awaitVerdict("infra/net", "in_sync"));
    const auto away = estate.git.path().string() + ".away";
    std::filesystem::rename(estate.git.path(), away);
    REQUIRE_MESSAGE(daemon.awaitNotices(1), daemon.log());
    CHECK(daemon.notices().at(0).at("incident").at("kind") == "repository");
    std::filesystem::rename(away, estate.git.path());
    REQUIRE_MESSAGE(daemon.awaitNotices(2), daemon.log());
    CHECK(daemon.notices().at(1).at("event") == "resolved");
    CHECK(daemon.notices().at(1).at("incident").at("id") ==
          daemon.notices().at(0).at("incident").at("id"));
    CHECK(daemon.notices().size() == 2);
}

TEST_CASE("a stack without a complete check is one stale incident with its reason, and its end") {
    Estate estate;
    DaemonWorld daemon(estate.terraform);
    daemon.checks =
        "{ every: 2s, timeout: 60s, confirm: 2, confirm_after: 1s, unapplied_grace: 1h, "
        "stale_after: 4s }";
    daemon.watch("infra", estate.git.path().string());
    estate.git.write("net/broken.tf", "resource \"box_item\" {\n");
    estate.git.commit("net: broken");
    daemon.start();
    REQUIRE_MESSAGE(daemon.awaitNotices(1), daemon.log());
    const Json notice = daemon.notices().at(0);
    CHECK(notice.at("incident").at("kind") == "stale");
    CHECK(notice.at("incident").at("cause") == "broken_configuration");
    CHECK(daemon.stack("infra/net").at("verdict") == "inconclusive");
    estate.git.remove("net/broken.tf");
    estate.git.commit("net: mended");
    REQUIRE_MESSAGE(daemon.awaitNotices(2), daemon.log());
    CHECK(daemon.notices().at(1).at("event") == "resolved");
    daemon.awaitChecks("infra/net", 2);
    CHECK(daemon.notices().size() == 2);
}

TEST_CASE("a stack whose state is read for the inventory is never in sync and never stale") {
    Estate estate;
    DaemonWorld daemon(estate.terraform);
    daemon.checks = "{ every: 1s, timeout: 60s, confirm: 2, confirm_after: 1s, stale_after: 3s }";
    daemon.watch("infra", estate.git.path().string(),
                 "stacks: [ { path: net, provider: state, state: { file: \"" +
                     estate.terraform.stateFile().string() + "\" } } ]");
    daemon.start();
    daemon.awaitChecks("infra/net", 6);
    const Json stack = daemon.stack("infra/net");
    CHECK(stack.at("verdict") == "inconclusive");
    CHECK(stack.at("reason").at("code") == "not_compared");
    CHECK(stack.at("resources") == stack.at("coverage").at("unsupported"));
    CHECK(stack.at("resources") > 0);
    CHECK(daemon.notices().empty());
}

TEST_CASE("a restart forgets nothing and repeats nothing") {
    Estate estate;
    DaemonWorld daemon(estate.terraform);
    daemon.watch("infra", estate.git.path().string());
    daemon.start();
    REQUIRE(daemon.awaitVerdict("infra/net", "in_sync"));
    estate.terraform.set("a", "content", "\"opened\"");
    REQUIRE(daemon.awaitNotices(1));
    CHECK(daemon.stop() == 0);
    daemon.start();
    CHECK(
        daemon.get("/metrics")
            .find(
                R"(driftkeeper_stack_drifts{repository="infra",stack="infra/net",side="live",change="modified"} 1)") !=
        std::string::npos);
    daemon.awaitChecks("infra/net", 3);
    CHECK(daemon.notices().size() == 1);
    estate.terraform.set("a", "content", "\"one\"");
    REQUIRE(daemon.awaitNotices(2));
    CHECK(line(daemon.notices().at(1)) == "resolved drift -infra/net:box_item.a(in_sync)");
}

TEST_CASE("alerts wait for a receiver that is away, and arrive in order") {
    Estate estate;
    DaemonWorld daemon(estate.terraform);
    daemon.watch("infra", estate.git.path().string());
    daemon.hook.answerUsually({.status = 503});
    daemon.start();
    REQUIRE(daemon.awaitVerdict("infra/net", "in_sync"));
    estate.terraform.set("a", "content", "\"opened\"");
    REQUIRE(daemon.hook.waitFor(1, std::chrono::seconds(60)));
    estate.terraform.set("a", "content", "\"one\"");
    REQUIRE(eventually(
        [&] { return daemon.api("incidents").at("incidents").at(0).at("closed") != nullptr; }));
    daemon.hook.answerUsually({.status = 200});
    REQUIRE_MESSAGE(daemon.awaitNotices(2), daemon.log());
    CHECK(daemon.notices().at(0).at("event") == "opened");
    CHECK(daemon.notices().at(1).at("event") == "resolved");
}

TEST_CASE("a bad settings file is not reloaded, a good one is") {
    Estate estate;
    DaemonWorld daemon(estate.terraform);
    daemon.watch("infra", estate.git.path().string());
    daemon.start();
    REQUIRE(daemon.awaitVerdict("infra/net", "in_sync"));
    const std::string good = readFile(daemon.settingsFile());
    writeFile(daemon.settingsFile(), good + "nonsense: true\n");
    daemon.signal(SIGHUP);
    REQUIRE(eventually([&] {
        return daemon.get("/metrics").find("driftkeeper_settings_last_reload_successful 0") !=
               std::string::npos;
    }));
    CHECK(daemon.stack("infra/net").at("verdict") == "in_sync");
    writeFile(daemon.settingsFile(), good);
    daemon.signal(SIGHUP);
    REQUIRE(eventually([&] {
        return daemon.get("/metrics").find("driftkeeper_settings_last_reload_successful 1") !=
               std::string::npos;
    }));
    daemon.awaitChecks("infra/net", 1);
    CHECK(daemon.stop() == 0);
}

TEST_CASE("the commands of the contract answer from the running daemon") {
    Estate estate;
    DaemonWorld daemon(estate.terraform);
    daemon.watch("infra", estate.git.path().string());
    daemon.start();
    REQUIRE(daemon.awaitVerdict("infra/net", "in_sync"));
    CHECK(daemon.ask({"stacks"}).out.find("infra/net") != std::string::npos);
    CHECK(daemon.ask({"run", "infra/net"}).status == 0);
    estate.terraform.set("a", "content", "\"opened\"");
    REQUIRE(daemon.awaitNotices(1));
    CHECK(daemon.ask({"run", "infra/net"}).status == 1);
    const auto findings = Json::parse(daemon.ask({"findings", "--format", "json"}).out);
    CHECK(findings.at("findings").size() == 1);
    const auto shown = Json::parse(daemon.ask({"show", "infra/net", "--format", "json"}).out);
    CHECK(shown.at("stacks").at(0).at("drifts").at(0).at("address") == "box_item.a");
    CHECK(Json::parse(daemon.ask({"incidents", "--format", "json"}).out).at("incidents").size() ==
          1);
    CHECK(daemon.ask({"outbox"}).out.find("delivered") != std::string::npos);
    CHECK(daemon.ask({"show", "infra/nowhere"}).status == 2);
    CHECK(run({"curl", "-s", "-o", "/dev/null", "-w", "%{http_code}", "-X", "POST",
               daemon.url() + "/-/reload"})
              .out == "401");
    CHECK(run({"curl", "-s", "-o", "/dev/null", "-w", "%{http_code}", "-X", "POST", "-H",
               "Authorization: Bearer " + daemon.token(), daemon.url() + "/-/reload"})
              .out == "200");
}

TEST_CASE("the configured stacks can be looked at once, without a daemon") {
    Estate estate;
    DaemonWorld daemon(estate.terraform);
    daemon.watch("infra", estate.git.path().string());
    daemon.writeSettings();
    const auto look = [&](std::vector<std::string> more) {
        more.insert(more.begin(), "check");
        more.insert(more.end(), {"--format", "json"});
        return daemon.ask(more);
    };
    const Finished clean = look({});
    CHECK_MESSAGE(clean.status == 0, (clean.out + clean.err));
    CHECK(Json::parse(clean.out).at("stacks").at(0).at("stack") == "infra/net");
    CHECK(Json::parse(clean.out).at("stacks").at(0).at("commit") == estate.git.head());
    estate.terraform.remove("b");
    const Finished drifted = look({"--stack", "infra/net"});
    CHECK(drifted.status == 1);
    CHECK(Json::parse(drifted.out).at("stacks").at(0).at("drifts").at(0).at("change") == "deleted");
    CHECK(look({"--stack", "infra/nowhere"}).status == 2);
    CHECK(!std::filesystem::exists(daemon.stateDirectory() / "driftkeeper.db"));
    writeFile(daemon.settingsFile(), "nonsense: 1\n");
    CHECK(look({}).status == 2);
    const Finished mistakes = run({program, "config", "check", daemon.settingsFile().string()});
    CHECK(mistakes.status == 2);
    CHECK(mistakes.err.find("driftkeeper.yaml:1:1") != std::string::npos);
}

TEST_CASE("a daemon that is told to stop ends its running plans and leaves nothing behind") {
    Estate estate;
    DaemonWorld daemon(estate.terraform);
    daemon.watch("infra", estate.git.path().string());
    estate.terraform.behave(R"({"slow_read_ms": 60000})");
    daemon.start();
    REQUIRE(eventually(
        [&] { return daemon.get("/api/v1/running").find("\"planning\"") != std::string::npos; }));
    const auto started = std::chrono::steady_clock::now();
    CHECK(daemon.stop() == 0);
    CHECK(std::chrono::steady_clock::now() - started < std::chrono::seconds(40));
    const auto left = run({"pgrep", "-f", daemon.room().string()});
    CHECK_MESSAGE(!left.ok(), left.out);
    CHECK(daemon.notices().empty());
}

}  // namespace daemon_test
