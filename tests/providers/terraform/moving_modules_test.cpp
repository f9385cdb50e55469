#include "providers/terraform/moving_modules.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <array>
#include <latch>
#include <string>
#include <thread>
#include <vector>

#include "tests/providers/process/recorded_tool_runner.hpp"

using namespace driftkeeper;
using namespace driftkeeper::terraform;

namespace moving_modules_test {
namespace {

const std::string one(40, '1');
const std::string two(40, '2');
constexpr ToolName tool{"terraform", "terraform"};

std::string textOf(std::string_view source) {
    const auto reference = gitReferenceIn(source);
    return reference ? reference->url + ' ' + reference->ref : "none";
}

std::vector<InstalledModule> modulesAt(const std::string& commit) {
    return {{"vpc", "git::https://git.example.com/vpc.git?ref=main", "", commit},
            {"own", "registry.terraform.io/a/b/c", "1.0.0", ""}};
}

}  // namespace

TEST_CASE("where a module comes from, and what of it is asked for") {
    CHECK(textOf("git::https://x/vpc.git//sub?ref=main") == "https://x/vpc.git main");
    CHECK(textOf("git::ssh://git@x/vpc.git?depth=1&ref=release/1") ==
          "ssh://git@x/vpc.git release/1");
    CHECK(textOf("git::file:///srv/mods//vpc") == "file:///srv/mods ");
    CHECK(textOf("git::git@x:org/vpc.git//a") == "git@x:org/vpc.git ");
    for (const std::string& source :
         {std::string("registry.terraform.io/a/b/c"), std::string("./own"),
          std::string("git::--upload-pack=x"), "git::https://x/vpc.git?ref=" + one})
        CHECK(textOf(source) == "none");
}

TEST_CASE("a branch counts before a tag of that name, and a tag is what it names, too") {
    const auto branch =
        readRemote(one + "\trefs/heads/main\n" + two + "\trefs/tags/main\nnonsense\n");
    CHECK(branch.commits == std::vector<std::string>{one});
    CHECK_FALSE(branch.isTag);
    const auto tag = readRemote(one + "\trefs/tags/v1\n" + two + "\trefs/tags/v1^{}\n");
    CHECK(tag.commits == std::vector<std::string>{one, two});
    CHECK(tag.isTag);
    CHECK(readRemote("").commits.empty());
}

TEST_CASE("a reference is asked once an interval, whoever asks") {
    tests::RecordedToolRunner tools([](const ToolCall&) {
        return tests::RecordedToolRunner::said(two + "\trefs/heads/main\n");
    });
    TimedRunner runner(tools, std::chrono::minutes(1), {}, tool);
    MovingModules modules;
    const Session session;
    const std::chrono::hours hour(1);
    CHECK(modules.haveMoved(modulesAt(one), session, runner, hour));
    CHECK_FALSE(modules.haveMoved(modulesAt(two), session, runner, hour));
    CHECK_FALSE(modules.haveMoved(modulesAt(""), session, runner, hour));  // not there yet
    CHECK(tools.calls().size() == 1);
    CHECK(tools.calls()[0].argv.back() == "refs/tags/main^{}");
    CHECK(modules.haveMoved(modulesAt(one), session, runner, std::chrono::seconds(0)));
    CHECK(tools.calls().size() == 2);
}

TEST_CASE("who comes while a reference is being asked gets the same answer") {
    std::latch both(2);
    tests::RecordedToolRunner tools([&](const ToolCall&) {
        both.wait();
        return tests::RecordedToolRunner::said(two + "\trefs/heads/main\n");
    });
    MovingModules modules;
    std::array<bool, 2> moved{};
    const auto look = [&](std::size_t which) {
        TimedRunner runner(tools, std::chrono::minutes(1), {}, tool);
        both.count_down();
        moved[which] = modules.haveMoved(modulesAt(one), {}, runner, std::chrono::hours(1));
    };
    std::thread other(look, 1);
    look(0);
    other.join();
    CHECK(moved == std::array{true, true});
    CHECK(tools.calls().size() == 1);
}

TEST_CASE("who could not be asked is asked again before the interval is over") {
    bool answers = false;
    tests::RecordedToolRunner tools([&](const ToolCall&) {
        return tests::RecordedToolRunner::said(two + "\trefs/heads/main\n", answers ? 0 : 128);
    });
    TimedRunner runner(tools, std::chrono::minutes(1), {}, tool);
    MovingModules modules;
    const std::chrono::seconds noPause(0);
    CHECK_FALSE(modules.haveMoved(modulesAt(one), {}, runner, noPause));
    answers = true;
    CHECK(modules.haveMoved(modulesAt(one), {}, runner, noPause));
    std::stop_source stop;
    stop.request_stop();
    TimedRunner stopped(tools, std::chrono::minutes(1), stop.get_token(), tool);
    MovingModules unasked;
    CHECK_FALSE(unasked.haveMoved(modulesAt(one), {}, stopped, std::chrono::hours(1)));
    CHECK(unasked.haveMoved(modulesAt(one), {}, runner, std::chrono::hours(1)));
}

TEST_CASE("what cannot be asked has not moved") {
    tests::RecordedToolRunner tools(
        [](const ToolCall&) { return tests::RecordedToolRunner::said("", 128); });
    TimedRunner runner(tools, std::chrono::minutes(1), {}, tool);
    MovingModules modules;
    CHECK_FALSE(modules.haveMoved(modulesAt(one), {}, runner, std::chrono::hours(1)));
}

}  // namespace moving_modules_test
