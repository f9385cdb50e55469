#include <doctest/doctest.h>

#include "tests/e2e/daemon_world.hpp"

using namespace driftkeeper::tests;

namespace causes_test {
namespace {

constexpr const char* oneItem =
    "resource \"box_item\" \"a\" {\n  name = \"a\"\n  content = \"one\"\n}\n";

}  // namespace

TEST_CASE("what only a newer provider sees is its upgrade, and what was changed by hand is not") {
    GitWorld git;
    const TerraformWorld terraform(git.path() / "net");
    terraform.write(terraform.header("", "1.0.0"), "stack.tf");
    terraform.write(oneItem);
    terraform.apply();
    git.commit("version 1");
    DaemonWorld daemon(terraform);
    daemon.watch("infra", git.path().string());
    daemon.start();
    REQUIRE(daemon.awaitVerdict("infra/net", "in_sync"));

    terraform.write(terraform.header("", "2.0.0-beta1"), "stack.tf");
    std::filesystem::remove(terraform.stack() / ".terraform.lock.hcl");
    terraform.init();
    const auto commit = git.commit("version 2");
    REQUIRE_MESSAGE(daemon.awaitNotices(1), daemon.log());
    const auto drift = daemon.notices().at(0).at("stacks").at(0).at("drifts").at(0);
    CHECK(drift.at("cause") == "provider_upgrade");
    CHECK(drift.at("severity") == "info");
    CHECK(drift.at("attributes").at(0).at("path") == "tier");
    const auto why = daemon.ask({"explain", "infra/net"}).out;
    for (const auto& part :
         {std::string("provider_upgrade"), std::string("info by builtin/quiet_cause"),
          std::string("The provider has another version"),
          std::string("driftkeeper/box 1.0.0 \u2192 2.0.0-beta1"), commit.substr(0, 12),
          std::string("Ada Test")})
        CHECK_MESSAGE(why.find(part) != std::string::npos, part, " is missing in ", why);

    terraform.set("a", "content", "\"by hand\"");
    REQUIRE(eventually([&] {
        const auto drifts = daemon.stack("infra/net").at("drifts");
        return drifts.size() == 1 && drifts.at(0).at("cause") == "out_of_band";
    }));
    REQUIRE_MESSAGE(daemon.awaitNotices(2), daemon.log());
    CHECK(line(daemon.notices().at(1)) == "changed drift");  // no other address, but worse
    CHECK(daemon.notices().at(1).at("stacks").at(0).at("drifts").at(0).at("severity") == "warning");
}

TEST_CASE("what terraform asks for again after every apply is perpetual, and info") {
    GitWorld git;
    const TerraformWorld terraform(git.path() / "net");
    terraform.write(oneItem);
    terraform.apply();
    terraform.behave(R"({"never_converge":["a"]})");
    git.commit("one");
    DaemonWorld daemon(terraform);
    daemon.watch("infra", git.path().string());
    daemon.start();
    REQUIRE_MESSAGE(daemon.awaitNotices(1), daemon.log());
    CHECK(daemon.stack("infra/net").at("drifts").at(0).at("cause") == "unapplied_commit");
    terraform.apply();
    REQUIRE(eventually(
        [&] { return daemon.stack("infra/net").at("drifts").at(0).at("cause") == "perpetual"; }));
    CHECK(daemon.stack("infra/net").at("drifts").at(0).at("severity") == "info");
    const auto why = daemon.ask({"explain", "infra/net", "box_item.a"}).out;
    CHECK_MESSAGE(why.find("the plan asks for the change again") != std::string::npos, why);
    daemon.awaitChecks("infra/net", 2);
    CHECK(daemon.stack("infra/net").at("drifts").size() == 1);
}

}  // namespace causes_test
