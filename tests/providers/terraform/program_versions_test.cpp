#include "providers/terraform/program_versions.hpp"

#include <doctest/doctest.h>

#include "providers/terraform/terraform_provider.hpp"
#include "tests/providers/process/recorded_tool_runner.hpp"
#include "tests/providers/process/scratch.hpp"
#include "tests/providers/terraform/recorded_plan.hpp"

using namespace driftkeeper;
using tests::RecordedToolRunner;
using tests::Scratch;
using Words = std::vector<std::string>;

namespace program_versions_test {
namespace {

// Programs that say one version each; the default one is nowhere unless it is given.
struct World {
    Scratch scratch;
    ValueTags tags{"key"};
    Workspace workspace;
    std::map<std::string, std::string> versions;  // by program; empty: it cannot be started
    RecordedToolRunner runner{[this](const ToolCall& call) -> Result<ToolResult> {
        const auto version = versions.find(call.argv[0]);
        if (version == versions.end() || version->second.empty())
            return failure(Remedy::FixSetup, "tool_missing", "no " + call.argv[0]);
        if (call.argv[1] == "version")
            return RecordedToolRunner::said("{\"terraform_version\": \"" + version->second + "\"}");
        if (call.argv[1] != "plan") return RecordedToolRunner::said("");
        tests::writePlanFile(call.argv[6].substr(5), tests::stateOf("l", 7));
        return RecordedToolRunner::said(tests::golden("clean", "stream.jsonl"));
    }};
    std::unique_ptr<Provider> provider = makeTerraformProvider(runner, tags);

    explicit World(const std::string& required = {}) {
        workspace.root = scratch.folder("tree");
        workspace.directory = scratch.folder("tree/live/stack");
        workspace.privateDirectory = scratch.folder("private");
        workspace.notesDirectory = scratch.folder("notes");
        workspace.commit = "c1";
        workspace.environment["PATH"] = scratch.path().string();  // where no terraform is
        scratch.write("tree/live/stack/main.tf",
                      "terraform {\n" +
                          (required.empty() ? "" : " required_version = \"" + required + "\"\n") +
                          " backend \"s3\" {\n }\n}\n");
    }

    std::string add(const std::string& version, const std::string& toldVersion = {}) {
        const auto path =
            scratch.write("programs/" + std::to_string(versions.size()), "#!/bin/sh\n").string();
        std::filesystem::permissions(path, std::filesystem::perms::owner_all);
        versions[path] = version;
        workspace.options["programs"].push_back(toldVersion + "=" + path);
        return path;
    }

    Report inspect() { return provider->inspect(workspace, {}, {}); }

    [[nodiscard]] std::string planner() const {
        for (const ToolCall& call : runner.calls())
            if (call.argv[1] == "plan") return call.argv[0];
        return "";
    }
};

}  // namespace

TEST_CASE("the version file nearest to the stack chooses among the programs") {
    World world;
    const auto old = world.add("1.5.7");
    (void)world.add("1.9.0");
    world.scratch.write("tree/.terraform-version", "1.9.0\n");
    world.scratch.write("tree/live/.terraform-version", "1.5.7\n");
    CHECK(verdictOf(world.inspect()) == Verdict::InSync);
    CHECK(world.planner() == old);
}

TEST_CASE("of several that fit the newest plans, and required_version of a module counts too") {
    World world("~> 1.5");
    world.scratch.write("tree/live/stack/m.tf", "module \"m\" {\n source = \"../m\"\n}\n");
    world.scratch.write("tree/live/m/main.tf", "terraform {\n required_version = \"< 1.9\"\n}\n");
    (void)world.add("1.5.7");
    const auto chosen = world.add("1.8.2");
    (void)world.add("1.9.0");
    (void)world.add("2.0.0");
    CHECK(verdictOf(world.inspect()) == Verdict::InSync);
    CHECK(world.planner() == chosen);
}

TEST_CASE(
    "when none fits the check is inconclusive and names what is asked for and what is there") {
    World world(">= 1.10");
    (void)world.add("1.5.7");
    (void)world.add("1.9.0");
    world.scratch.write("tree/live/stack/.terraform-version", "latest:^1.9");
    const Report report = world.inspect();
    CHECK(verdictOf(report) == Verdict::Inconclusive);
    REQUIRE(report.reason);
    CHECK(report.reason->code == "no_fitting_version");
    CHECK(
        report.reason->text.contains("asked for: latest:^1.9 (.terraform-version), >= 1.10 "
                                     "(required_version); there: 1.5.7, 1.9.0"));
    CHECK(world.planner().empty());
}

TEST_CASE("a version that the settings tell is believed until the program says otherwise") {
    World honest;
    (void)honest.add("1.9.0", "1.9.0");
    const auto chosen = honest.add("1.5.7", "1.5.7");
    honest.scratch.write("tree/.terraform-version", "1.5.7");
    CHECK(verdictOf(honest.inspect()) == Verdict::InSync);
    CHECK(honest.planner() == chosen);
    CHECK(honest.runner.commands() ==
          Words{"version", "init", "plan"});  // the other one was not asked

    World lying;
    (void)lying.add("1.4.0", "1.5.7");
    lying.scratch.write("tree/.terraform-version", "1.5.7");
    const Report report = lying.inspect();
    CHECK(report.reason->code == "no_fitting_version");
    CHECK(report.reason->text.contains("there: 1.4.0"));
}

TEST_CASE("programs are asked once, and a stack that asks for nothing starts none") {
    World world("~> 1.5");
    (void)world.add("1.5.7");
    (void)world.add("1.9.0");
    (void)world.inspect();
    CHECK(world.runner.commands() == Words{"version", "version", "init", "plan"});
    (void)world.inspect();
    CHECK(world.runner.commands() == Words{"version", "version", "init", "plan", "plan"});

    World simple;
    simple.workspace.options["program"] = {simple.add("1.9.0")};
    simple.workspace.options.erase("programs");
    (void)simple.add("1.5.7");
    (void)simple.inspect();
    (void)simple.inspect();
    CHECK(simple.runner.commands() == Words{"version", "init", "plan", "plan"});
    CHECK(simple.planner() == optionOf(simple.workspace.options, "program"));
}

TEST_CASE(
    "without the usual program the newest of the others plans, and a missing one is passed over") {
    World world;
    (void)world.add("1.5.7");
    const auto newest = world.add("1.9.0");
    (void)world.add("");
    CHECK(verdictOf(world.inspect()) == Verdict::InSync);
    CHECK(world.planner() == newest);

    World none;
    (void)none.add("");
    CHECK(none.inspect().reason->code == "tool_missing");
}

TEST_CASE("constraints that the program itself refuses are left to it") {
    World world("one.dot.five");
    const auto only = world.add("1.5.7");
    (void)world.inspect();
    CHECK(world.planner() == only);
}

}  // namespace program_versions_test
