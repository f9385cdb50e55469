#include <doctest/doctest.h>
#include <signal.h>

#include <chrono>
#include <cstdlib>
#include <fstream>

#include "tests/provider/stacks.hpp"

using namespace driftkeeper::tests;
using nlohmann::json;

namespace {

// A stack of two items, applied.
class Applied : public TerraformWorld {
public:
    Applied() {
        write(twoItems);
        apply();
    }
};

}  // namespace

TEST_CASE("an object that cannot be read is an error, and the drift of the others is there") {
    const Applied world;
    world.behave(R"({"fail_read": ["b"]})");
    world.edit("a", "\"one\"", "\"changed\"");
    const Seen seen = look(world);
    CHECK(seen.status == 1);
    CHECK(seen.errored);
    CHECK(seen.drift == "box_item.a update");
    CHECK(seen.stream.find("cannot read b: the box does not answer") != std::string::npos);
    CHECK(seen.stream.find(R"("address":"box_item.b")") != std::string::npos);
}

TEST_CASE("a crash is a plugin that did not respond") {
    const Applied world;
    world.behave(R"({"crash_on_read": ["b"]})");
    const Seen seen = look(world);
    CHECK(seen.status == 1);
    CHECK(seen.stream.find("Plugin did not respond") != std::string::npos);
}

TEST_CASE("slow reads take their time, only those named") {
    const Applied world;
    const auto planTime = [&] {
        const auto start = std::chrono::steady_clock::now();
        CHECK(look(world).status == 0);
        return std::chrono::steady_clock::now() - start;
    };
    world.behave(R"({"slow_read_ms": 3000, "slow_reads_of": ["a"]})");
    CHECK(planTime() >= std::chrono::seconds(3));
    world.behave(R"({"slow_read_ms": 600000, "slow_reads_of": ["other"]})");
    planTime();  // ten minutes would end in terraform's timeout
}

TEST_CASE("a plan killed in a slow read leaves no process behind") {
    const Applied world;
    world.behave(R"({"slow_read_ms": 600000})");
    const Finished finished =
        world.terraform({"plan", "-input=false", "-lock=false"}, std::chrono::seconds(3));
    CHECK(finished.timedOut);
    // Killed processes may take a moment to be gone, so it is looked often, but not for ever.
    const std::string ours =
        "grep -lsaF 'TF_DATA_DIR=" + world.env().at("TF_DATA_DIR") + "' /proc/[0-9]*/environ";
    CHECK(
        run({"sh", "-c", "for i in $(seq 200); do " + ours + " >/dev/null || exit 0; done; exit 1"})
            .ok());
}

TEST_CASE("private bytes that change on each read are no drift") {
    const Applied world;
    world.behave(R"({"churn_private": true})");
    const Seen seen = look(world);
    CHECK(seen.drift + seen.changes == "");
    CHECK(world.terraform({"plan", "-input=false", "-refresh-only", "-detailed-exitcode"}).status ==
          2);
}

TEST_CASE("zeros read back for null are drift that no plan would undo") {
    const Applied world;
    world.behave(R"({"zero_for_null": true})");
    const Seen seen = look(world);
    CHECK(seen.drift == "box_item.a update; box_item.b update");
    CHECK(seen.changes == "");
    const json after = seen.plan.at("resource_drift").at(0).at("change").at("after");
    CHECK(after.at("policy") == "");
    CHECK(after.at("size") == 0);
    CHECK(after.at("enabled") == false);
    CHECK(after.at("labels") == json::object());
    CHECK(after.at("members") == json::array());
}

TEST_CASE(
    "an object that never converges changes in each plan, without drift, however often it is "
    "applied") {
    const Applied world;
    world.behave(R"({"never_converge": ["a"]})");
    for (int round = 0; round < 2; ++round) {
        const Seen seen = look(world);
        CHECK(seen.drift == "");
        CHECK(seen.changes == "box_item.a update");
        world.apply();
    }
}

TEST_CASE("a delete that fails after the new object was made leaves a deposed object") {
    const TerraformWorld world;
    const std::string item =
        "resource \"box_item\" \"a\" {\n  name = \"a\"\n  lifecycle { create_before_destroy = true "
        "}\n}\n";
    world.write(item);
    world.apply();
    world.write(replaced(item, "= \"a\"", "= \"a2\""));
    world.behave(R"({"fail_delete": ["a"]})");
    CHECK_THROWS_WITH(world.apply(), doctest::Contains("cannot delete a"));
    const Seen seen = look(world);
    int deposed = 0;
    for (const json& entry : seen.plan.at("resource_changes")) deposed += entry.contains("deposed");
    CHECK(deposed == 1);
}

TEST_CASE("settings misbehave like the behaviour file, which wins") {
    const TerraformWorld world;
    world.write(twoItems);
    world.apply();
    world.write(world.header(R"(fail_read = ["a"]
  warn = "this box is old"
  token = "canary-4")"),
                "stack.tf");
    const Seen seen = look(world);
    CHECK(seen.errored);
    CHECK(seen.stream.find("this box is old") != std::string::npos);
    world.behave(R"({"fail_read": []})");
    CHECK_FALSE(look(world).errored);
}

TEST_CASE("probes tell what the provider may read, write and see") {
    const Applied world;
    const TempDir room;
    writeFile(room / "secret", "x");
    const std::string file = room / "secret", folder = room.path(), fresh = room / "new",
                      none = room / "none";
    world.behave(
        json{{"probe_read", {file, folder, none}},
             {"probe_write", {fresh, "/proc/version"}},
             {"probe_env",
              {"TF_DATA_DIR", "NOT_THERE", "1:NOT_THERE", std::to_string(getpid()) + ":PATH"}}}
            .dump());
    const std::string stream = look(world).stream;
    for (const std::string& sentence :
         {"probe read " + file + ": allowed", "probe read " + folder + ": allowed",
          "probe read " + none + ": denied (No such file or directory)",
          "probe write " + fresh + ": allowed", std::string("probe write /proc/version: denied ("),
          std::string("probe env TF_DATA_DIR: present"), std::string("probe env NOT_THERE: absent"),
          std::string("probe env 1:NOT_THERE: "),
          "probe env " + std::to_string(getpid()) + ":PATH: present"}) {
        CHECK_MESSAGE(stream.find("\"summary\":\"" + sentence) != std::string::npos, sentence);
    }
    CHECK(std::filesystem::exists(fresh));
}

TEST_CASE("a spawned daemon holds terraform by its pipes, outlives it, and says who it is") {
    const Applied world;
    world.behave(R"({"spawn_daemon": true})");
    CHECK(world.terraform({"plan", "-input=false"}, std::chrono::seconds(10)).timedOut);
    std::ifstream pids(world.live() / "spawned.pid");
    int alive = 0;
    for (pid_t pid = 0; pids >> pid;) {
        alive += kill(pid, 0) == 0;
        kill(pid, SIGKILL);
    }
    CHECK(alive == 1);
}

TEST_CASE("started by hand, the provider says that terraform must start it") {
    const Finished finished = run({DRIFTKEEPER_BOX_PROVIDER});
    CHECK(finished.status == 1);
    CHECK(finished.err.find("terraform starts it") != std::string::npos);
}
