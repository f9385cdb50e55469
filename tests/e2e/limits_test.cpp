// The real program with stacks that take all that they can get: each is ended alone.
#include <doctest/doctest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "tests/e2e/daemon_world.hpp"

using namespace driftkeeper::tests;

namespace limits_test {
namespace {

namespace fs = std::filesystem;

struct Bomb {
    const char* stack;
    const char* plan;    // a script that runs in the place of `terraform plan`
    const char* limit;   // of checks.limits
    const char* figure;  // in the reason
};

constexpr Bomb bombs[] = {
    {"memory", "tail /dev/zero", "memory", "allows 1.0 GiB"},
    {"forks", "while :; do sleep 100 & done", "processes", "allows 400 processes"},
    {"disk", "i=0; while :; do i=$((i+1)); head -c 9M /dev/zero > $TMPDIR/$i; done", "disk",
     "allows 64 MiB"},
    {"tree", "i=0; while :; do i=$((i+1)); head -c 9M /dev/zero > $i || exit 1; done", "disk",
     "allows 64 MiB"},
    {"output", "yes", "output", "allows 1 MiB"},
};

// Runs what a stack has in plan.sh, else the real terraform.
void writeProgram(const fs::path& program) {
    std::ofstream(program) << "#!/bin/sh\n"
                              "[ \"$1\" = plan ] && [ -f plan.sh ] && exec sh plan.sh\n"
                              "PATH=${PATH#*:} exec terraform \"$@\"\n";
    fs::permissions(program, fs::perms(0755));
}

}  // namespace

TEST_CASE("a stack that takes what it can get is ended with the figure, and the others go on") {
    GitWorld git;
    TerraformWorld terraform(git.path() / "net");
    terraform.write(R"(resource "box_item" "a" {
  name    = "a"
  content = "one"
}
)");
    terraform.apply();
    // A plan whose JSON is large, of some lines.
    std::string doubled = "locals {\n  s0 = \"0123456789abcdef\"\n";
    for (int i = 1; i <= 17; ++i) {
        const auto before = "${local.s" + std::to_string(i - 1) + "}";
        doubled += "  s" + std::to_string(i) + " = \"" + before + before + "\"\n";
    }
    TerraformWorld huge(git.path() / "json");
    huge.write(doubled +
               "}\nresource \"box_item\" \"a\" {\n  name = \"a\"\n  content = local.s17\n}\n");
    for (const Bomb& bomb : bombs) {
        fs::copy(git.path() / "net", git.path() / bomb.stack, fs::copy_options::recursive);
        writeFile(git.path() / bomb.stack / "plan.sh", bomb.plan);
    }
    git.commit("net, and others");

    DaemonWorld daemon(terraform);
    const auto programs = daemon.room() / "bin";
    fs::create_directory(programs);
    writeProgram(programs / "terraform");
    daemon.environment["PATH"] = programs.string() + ":" + std::getenv("PATH");
    daemon.checks =
        "{ every: 3s, timeout: 90s, parallel: 2, limits: { memory: 1GiB, processes: 400, disk: "
        "64MiB, output: 1MiB } }";
    daemon.watch("infra", git.path().string());
    daemon.start();
    for (const Bomb& bomb : bombs) {
        CAPTURE(std::string(bomb.stack));
        const std::string stack = std::string("infra/") + bomb.stack;
        const bool isChecked = eventually(
            [&] {
                try {
                    const auto reason = daemon.stack(stack).at("reason");
                    return !reason.is_null() && reason.at("code") != "not_checked_yet";
                } catch (const std::exception&) {  // not discovered yet
                    return false;
                }
            },
            std::chrono::seconds(90));
        REQUIRE_MESSAGE(isChecked, daemon.log());
        const auto now = daemon.stack(stack);
        CHECK(now.at("verdict") == "inconclusive");
        CHECK(now.at("reason").at("code") == "resource_limit");
        const std::string text = now.at("reason").at("text");
        CHECK_MESSAGE(text.contains(std::string("checks.limits.") + bomb.limit), text);
        CHECK_MESSAGE(text.contains(bomb.figure), text);
    }
    daemon.awaitChecks("infra/json");
    REQUIRE_MESSAGE(daemon.awaitVerdict("infra/json", "inconclusive"), daemon.log());
    const std::string text = daemon.stack("infra/json").at("reason").at("text");
    CHECK_MESSAGE(text.contains("show: "), text);
    CHECK_MESSAGE(text.contains("`checks.limits.output`"), text);

    REQUIRE_MESSAGE(daemon.awaitVerdict("infra/net", "in_sync"), daemon.log());
    daemon.awaitChecks("infra/net", 1);
    CHECK(daemon.stack("infra/net").at("verdict") == "in_sync");
    CHECK(daemon.get("/metrics").contains("driftkeeper_check_control_groups "));
    CHECK(daemon.log().contains("limits of checks are held"));
    CHECK(daemon.stop() == 0);
}

}  // namespace limits_test
