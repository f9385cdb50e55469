#include <doctest/doctest.h>
#include <signal.h>

#include "tests/e2e/daemon_world.hpp"

// Which side moved, and what becomes of a stack whose folder or state moves.
using namespace driftkeeper::tests;

namespace sides_test {
namespace {

constexpr std::string_view oneItem =
    "resource \"box_item\" \"a\" {\n  name    = \"a\"\n  content = "
    "\"one\"\n}\n";

// A repository with one applied stack in net/, in sync under a daemon.
struct Estate {
    GitWorld git;
    TerraformWorld terraform{git.path() / "net"};
    DaemonWorld daemon{terraform};

    explicit Estate(std::string_view code = oneItem, const std::string& extra = {}) {
        terraform.write(code);
        terraform.apply();
        git.commit("net");
        daemon.watch("infra", git.path().string(), extra);
        daemon.start();
        REQUIRE_MESSAGE(daemon.awaitVerdict("infra/net", "in_sync"), daemon.log());
    }
    [[nodiscard]] std::vector<std::string> lines() const {
        std::vector<std::string> all;
        for (const auto& notice : daemon.notices()) all.push_back(line(notice));
        return all;
    }
};

}  // namespace

TEST_CASE("a commit that touches no value leaves the side of an open drift alone") {
    Estate estate;
    const auto main = estate.terraform.stack() / "main.tf";
    const std::string committed = readFile(main);
    writeFile(main, replaced(committed, "\"one\"", "\"hotfix\""));
    estate.terraform.apply();
    writeFile(main, committed);
    REQUIRE_MESSAGE(estate.daemon.awaitNotices(1), estate.daemon.log());
    estate.git.write("net/README.md", "# net\n");
    estate.git.commit("words");
    estate.daemon.awaitChecks("infra/net", 3);
    const Json drift = estate.daemon.stack("infra/net").at("drifts").at(0);
    CHECK(drift.at("side") == "live");
    CHECK(drift.at("cause") == "applied_elsewhere");
    CHECK(estate.daemon.notices().size() == 1);
}

TEST_CASE("a value outside of the repository that changes is named, and is nobody's apply") {
    TempDir room;
    writeFile(room / "env", "TF_VAR_size=1\n");
    Estate estate(
        "variable \"size\" { default = 1 }\nresource \"box_item\" \"a\" {\n  name = "
        "\"a\"\n  size = var.size\n}\n",
        "stacks: [ { path: net, environment_file: " + (room / "env").string() + " } ]");
    writeFile(room / "env", "TF_VAR_size=2\n");
    REQUIRE_MESSAGE(estate.daemon.awaitVerdict("infra/net", "unapplied"), estate.daemon.log());
    REQUIRE_MESSAGE(estate.daemon.awaitNotices(1), estate.daemon.log());
    const Json drift = estate.daemon.stack("infra/net").at("drifts").at(0);
    CHECK(drift.at("side") == "git");
    CHECK(drift.at("cause") == "inputs_changed");
    CHECK(drift.at("note") ==
          "changed outside of the repository: environment variable TF_VAR_size");
}

TEST_CASE("a folder that is renamed keeps its state, its history and its findings") {
    Estate estate;
    estate.terraform.set("a", "content", "\"opened\"");
    REQUIRE_MESSAGE(estate.daemon.awaitNotices(1), estate.daemon.log());
    estate.git.git({"mv", "net", "network"});
    estate.git.commit("net is network");
    REQUIRE_MESSAGE(estate.daemon.awaitVerdict("infra/network", "drifted"), estate.daemon.log());
    estate.daemon.awaitChecks("infra/network", 2);
    for (const auto& one : estate.lines()) CHECK(one.find("orphaned") == std::string::npos);
    CHECK(estate.daemon.api("stacks").at("stacks").size() == 1);
    CHECK(estate.daemon.api("stacks/infra%2Fnetwork/history").at("stacks").size() > 2);
}

TEST_CASE("what the operator takes out is closed, and not called gone from Git") {
    Estate estate;
    estate.daemon.repositories =
        replaced(estate.daemon.repositories, "poll:", "discover: { exclude: [\"net\"] }, poll:");
    estate.daemon.writeSettings();
    estate.daemon.signal(SIGHUP);
    REQUIRE_MESSAGE(eventually([&] { return estate.daemon.api("stacks").at("stacks").empty(); }),
                    estate.daemon.log());
    CHECK(estate.lines().empty());
}

TEST_CASE("a state that is lost is one incident, and no deletion by somebody") {
    Estate estate;
    const std::string state = readFile(estate.terraform.stateFile());
    std::filesystem::remove(estate.terraform.stateFile());
    REQUIRE_MESSAGE(estate.daemon.awaitNotices(1), estate.daemon.log());
    CHECK(estate.daemon.notices().at(0).at("incident").at("cause") == "state_lost");
    CHECK(estate.daemon.stack("infra/net").at("reason").at("code") == "state_lost");
    CHECK(estate.daemon.stack("infra/net").at("drifts").empty());
    writeFile(estate.terraform.stateFile(), state);
    REQUIRE_MESSAGE(estate.daemon.awaitNotices(2), estate.daemon.log());
    CHECK(estate.daemon.notices().at(1).at("event") == "resolved");
}

TEST_CASE("two stacks that keep their state in one place are one incident") {
    Estate estate;
    for (const char* file : {"stack.tf", "main.tf", ".terraform.lock.hcl"})
        estate.git.write(std::filesystem::path("staging") / file,
                         readFile(estate.terraform.stack() / file));
    estate.git.commit("a copy");
    REQUIRE_MESSAGE(estate.daemon.awaitNotices(1), estate.daemon.log());
    const Json incident = estate.daemon.notices().at(0).at("incident");
    CHECK(incident.at("kind") == "ownership");
    CHECK(incident.at("cause") == "state_shared");
    CHECK(incident.at("text").get<std::string>().starts_with(
        "infra/net and infra/staging keep their state in one place"));
    estate.daemon.awaitChecks("infra/net", 2);
    CHECK(estate.daemon.notices().size() == 1);
}

}  // namespace sides_test
