#include "providers/terraform/look.hpp"

#include <doctest/doctest.h>

#include <algorithm>

#include "providers/terraform/terraform_provider.hpp"
#include "tests/providers/process/recorded_tool_runner.hpp"
#include "tests/providers/process/scratch.hpp"
#include "tests/providers/terraform/recorded_plan.hpp"

using namespace driftkeeper;
using tests::golden;
using tests::RecordedToolRunner;
using tests::Scratch;
using tests::stateOf;
using tests::writePlanFile;
using Words = std::vector<std::string>;
namespace fs = std::filesystem;

namespace look_test {
namespace {

// A terraform that says what a test wants, and a stack for it.
struct World {
    Scratch scratch;
    ValueTags tags{"key"};
    Workspace workspace;

    std::string situation = "clean";  // a golden one
    std::string plannedState = stateOf("l", 7);
    std::string stateNow = stateOf("l", 7);
    std::vector<std::string>
        planErrors;  // summaries; the first plan says them, without a plan file
    ToolResult initResult = RecordedToolRunner::said("");
    std::string remote;         // what `git ls-remote` says
    std::string lockAfterInit;  // empty: left as it is
    std::function<void()> afterPlan = [] {};
    ToolResult::Ending planEnding = ToolResult::Ending::Exited;

    RecordedToolRunner runner{[this](const ToolCall& call) { return answer(call); }};
    std::unique_ptr<Provider> provider = makeTerraformProvider(runner, tags);

    World() {
        workspace.root = scratch.folder("tree");
        workspace.directory = scratch.folder("tree/stack");
        workspace.privateDirectory = scratch.folder("private");
        workspace.notesDirectory = scratch.folder("notes");
        workspace.commit = "c1";
        scratch.write("tree/stack/main.tf", "terraform {\n  backend \"local\" {\n    path = \"" +
                                                (scratch.path() / "terraform.tfstate").string() +
                                                "\"\n  }\n}\n");
        scratch.write(
            "tree/stack/.terraform.lock.hcl",
            "provider \"registry.terraform.io/driftkeeper/box\" {\n  version = \"1.0.0\"\n}\n");
        writeState(stateNow);
    }

    void writeState(const std::string& text) const { scratch.write("terraform.tfstate", text); }

    Result<ToolResult> answer(const ToolCall& call) {
        const std::string& command = call.argv[1];
        if (call.argv[0] == "git") return RecordedToolRunner::said(remote);
        if (command == "version")
            return RecordedToolRunner::said(R"({"terraform_version": "1.11.4"})");
        if (command == "init") {
            if (!lockAfterInit.empty())
                scratch.write("tree/stack/.terraform.lock.hcl", lockAfterInit);
            return initResult;
        }
        if (command == "plan") return plan(call);
        if (command == "show") return RecordedToolRunner::said(golden(situation, "plan.json"));
        if (command == "workspace") return RecordedToolRunner::said("* default\n  blue\n\n");
        if (command == "state") return RecordedToolRunner::said(stateNow);
        return RecordedToolRunner::said("{}", 1);
    }

    ToolResult plan(const ToolCall& call) {
        afterPlan();
        if (planEnding != ToolResult::Ending::Exited)
            return RecordedToolRunner::ended(planEnding, 15);
        if (!planErrors.empty()) {
            const std::string summary = planErrors.front();
            planErrors.erase(planErrors.begin());
            return RecordedToolRunner::said(
                R"({"@level":"error","type":"diagnostic","diagnostic":{"severity":"error","summary":")" +
                    summary + R"(","detail":"secret detail"}})" + "\n",
                1);
        }
        writePlanFile(call.argv[6].substr(5), plannedState);
        const std::string exit = golden(situation, "exit");
        return RecordedToolRunner::said(golden(situation, "stream.jsonl"), std::stoi(exit));
    }

    Report inspect(std::stop_token stop = {}) { return provider->inspect(workspace, {}, stop); }
    std::string reasonOf() {
        const Report report = inspect();
        CHECK(report.completeness == Completeness::Failed);
        return report.reason ? report.reason->code : "";
    }
};

}  // namespace

TEST_CASE("a clean stack needs no show, and its report comes from the plan file") {
    World world;
    const Report report = world.inspect();
    CHECK(verdictOf(report) == Verdict::InSync);
    CHECK(report.resources == 1);
    CHECK(report.coverage.checked == 1);
    CHECK(report.graph.contains("box_item.a"));
    CHECK(report.evidence.stateLineage == "l");
    CHECK(report.evidence.stateSerial == 7);
    CHECK(report.evidence.toolVersion == "1.11.4");
    CHECK(report.evidence.providerVersions.at("registry.terraform.io/driftkeeper/box") == "1.0.0");
    CHECK_FALSE(report.evidence.lockDigest.empty());
    CHECK(world.runner.commands() == Words{"version", "init", "plan"});
}

TEST_CASE("the second check of an unchanged stack starts no init") {
    World world;
    (void)world.inspect();
    (void)world.inspect();
    CHECK(world.runner.commands() == Words{"version", "init", "plan", "plan"});
    world.workspace.options["backend_config"] = {"key=other"};
    (void)world.inspect();
    CHECK(world.runner.commands() == Words{"version", "init", "plan", "plan", "init", "plan"});
}

TEST_CASE("a module that moved is fetched again by any init, not only by its own") {
    World world;
    (void)world.inspect();
    const std::string modules = "private/data/modules/";
    world.scratch.write(modules + "modules.json",
                        R"({"Modules":[{"Key":"vpc","Dir":".terraform/modules/vpc",)"
                        R"("Source":"git::https://git.example.com/vpc.git?ref=main"}]})");
    world.scratch.write(modules + "vpc/.git/HEAD", std::string(40, '1') + "\n");
    world.remote = std::string(40, '2') + "\trefs/heads/main\n";
    world.workspace.options["backend_config"] = {"key=other"};  // init for another reason
    (void)world.inspect();
    CHECK(world.runner.calls().at(3).argv.front() == "git");
    CHECK_FALSE(fs::exists(world.scratch.path() / modules));
    CHECK(world.runner.calls().at(4).argv.at(1) == "init");
}

TEST_CASE("a drifted stack is shown and read") {
    World world;
    world.situation = "modified";
    const Report report = world.inspect();
    CHECK(verdictOf(report) == Verdict::Drifted);
    REQUIRE(report.drifts.size() == 1);
    CHECK(report.drifts[0].side == Side::Live);
    CHECK(world.runner.commands() == Words{"version", "init", "plan", "show"});
}

TEST_CASE("a program is asked for its version once, and again when another build lies there") {
    World world;
    const auto program = world.scratch.path() / "terraform";
    world.scratch.write("terraform", "#!/bin/sh\n");
    std::filesystem::permissions(program, std::filesystem::perms::owner_all);
    world.workspace.options["program"] = {program.string()};
    (void)world.inspect();
    world.workspace.options["backend_config"] = {"key=other"};
    (void)world.inspect();
    world.scratch.write("terraform", "#!/bin/sh\n# newer\n");
    (void)world.inspect();
    CHECK(world.runner.commands() ==
          Words{"version", "init", "plan", "init", "plan", "version", "init", "plan"});
}

TEST_CASE("when the plan asks for init, init runs once and the plan again") {
    World world;
    (void)world.inspect();
    world.planErrors = {"Module not installed"};
    CHECK(verdictOf(world.inspect()) == Verdict::InSync);
    CHECK(world.runner.commands() == Words{"version", "init", "plan", "plan", "init", "plan"});
    world.planErrors = {"Module not installed", "Module not installed"};
    CHECK(world.reasonOf() == "init_failed");
}

TEST_CASE("nothing of a look stays behind but what the next one needs") {
    World world;
    (void)world.inspect();
    CHECK_FALSE(std::filesystem::exists(world.workspace.privateDirectory / "run"));
    world.scratch.write("private/run/plan", "left by a kill");
    world.planEnding = ToolResult::Ending::TimedOut;
    (void)world.inspect();
    CHECK_FALSE(std::filesystem::exists(world.workspace.privateDirectory / "run"));
}

TEST_CASE("a state that moves during the check is looked at again, three times") {
    World world;
    world.situation = "modified";
    world.stateNow = stateOf("l", 8);
    world.writeState(world.stateNow);
    CHECK(world.reasonOf() == "moving");
    CHECK(world.runner.commands() ==
          Words{"version", "init", "plan", "show", "plan", "show", "plan", "show"});
}

TEST_CASE("a state that moved once is looked at twice") {
    World world;
    world.situation = "modified";
    int plans = 0;
    world.afterPlan = [&] { world.plannedState = stateOf("l", ++plans == 1 ? 6 : 7); };
    CHECK(verdictOf(world.inspect()) == Verdict::Drifted);
    CHECK(plans == 2);
}

TEST_CASE("a state that moves is no matter when there is nothing to tell") {
    World world;
    world.plannedState = stateOf("l", 6);
    CHECK(verdictOf(world.inspect()) == Verdict::InSync);
}

TEST_CASE("the state behind another backend is pulled, and only when there is something to tell") {
    World world;
    world.scratch.write("tree/stack/main.tf", "terraform {\n  backend \"s3\" {\n  }\n}\n");
    (void)world.inspect();
    world.situation = "modified";
    CHECK(verdictOf(world.inspect()) == Verdict::Drifted);
    CHECK(world.runner.commands() == Words{"version", "init", "plan", "plan", "show", "state"});
}

TEST_CASE("noise alone does not have the states compared") {
    World world;
    world.scratch.write("tree/stack/main.tf", "terraform {\n  backend \"s3\" {\n  }\n}\n");
    world.situation = "output_only";
    const Report report = world.inspect();
    REQUIRE(report.drifts.size() == 1);
    CHECK(report.drifts[0].cause == "output_only");
    CHECK(world.runner.commands() == Words{"version", "init", "plan", "show"});
}

TEST_CASE("errors beside a plan file make a partial report") {
    World world;
    world.situation = "unreadable_next_to_drifted";
    const Report report = world.inspect();
    CHECK(report.completeness == Completeness::Partial);
    CHECK(report.reason->code == "unreadable_resources");
    CHECK_FALSE(report.drifts.empty());
    CHECK_FALSE(report.diagnostics.empty());
}

TEST_CASE("errors without a plan file are a failed report with its code and detail") {
    struct Row {
        const char* summary;
        const char* code;
    };
    for (const Row& row : {Row{"Error acquiring the state lock", "state_locked"},
                           Row{"No value for required variable", "missing_variable"},
                           Row{"Unclosed configuration block", "broken_configuration"}}) {
        World world;
        world.planErrors = {row.summary};
        const Report report = world.inspect();
        CHECK(report.completeness == Completeness::Failed);
        CHECK(report.reason->code == row.code);
        REQUIRE(report.diagnostics.size() == 1);
        CHECK(report.diagnostics[0].summary == std::string(row.summary) + ": secret detail");
        CHECK(report.reason->text.contains(": secret detail"));
    }
}

TEST_CASE("a tool that does not end by itself is told by how it ended") {
    struct Row {
        ToolResult::Ending ending;
        const char* code;
    };
    for (const Row& row :
         {Row{ToolResult::Ending::TimedOut, "timeout"}, Row{ToolResult::Ending::Stopped, "stopped"},
          Row{ToolResult::Ending::Signalled, "tool_crashed"},
          Row{ToolResult::Ending::TooMuchOutput, "output_too_large"}}) {
        World world;
        world.planEnding = row.ending;
        CHECK(world.reasonOf() == row.code);
    }
}

TEST_CASE("a stop request before the look starts nothing") {
    World world;
    std::stop_source source;
    source.request_stop();
    CHECK(world.inspect(source.get_token()).reason->code == "stopped");
    CHECK(world.runner.calls().empty());
}

TEST_CASE("every call gets the time that is left") {
    World world;
    world.workspace.timeout = std::chrono::minutes(5);
    (void)world.inspect();
    std::chrono::milliseconds before = world.workspace.timeout;
    for (const ToolCall& call : world.runner.calls()) {
        CHECK(call.timeout <= before);
        CHECK(call.timeout > std::chrono::minutes(4));
        before = call.timeout;
    }
}

TEST_CASE("a failed init says so, and the next check tries it again") {
    World world;
    world.initResult = RecordedToolRunner::said("", 1);
    world.initResult.err = "\nError: Failed to query available provider packages\n\nno network\n";
    CHECK(world.reasonOf() == "init_failed");
    world.initResult = RecordedToolRunner::said("");
    CHECK(verdictOf(world.inspect()) == Verdict::InSync);
    CHECK(world.runner.commands() == Words{"version", "init", "init", "plan"});
}

TEST_CASE("a tool that is too old, or missing, is said to be") {
    const Scratch scratch;
    const ValueTags tags("key");
    Workspace workspace;
    workspace.root = workspace.directory = scratch.folder("stack");
    workspace.privateDirectory = scratch.folder("private");
    workspace.notesDirectory = scratch.folder("notes");
    scratch.write("stack/main.tf", "terraform {\n  backend \"s3\" {\n  }\n}\n");
    RecordedToolRunner old([](const ToolCall&) {
        return RecordedToolRunner::said(R"({"terraform_version":"0.14.11"})");
    });
    CHECK(makeTerraformProvider(old, tags)->inspect(workspace, {}, {}).reason->code ==
          "tool_too_old");
    RecordedToolRunner starved([](const ToolCall&) {
        auto result = RecordedToolRunner::said("", 2);
        result.err = "fatal error: failed to reserve page summary memory";
        return result;
    });
    const auto why = *makeTerraformProvider(starved, tags)->inspect(workspace, {}, {}).reason;
    CHECK(why.code == "tool_crashed");
    CHECK(why.text.contains("failed to reserve page summary memory"));
    RecordedToolRunner none(
        [](const ToolCall&) { return failure(Remedy::FixSetup, "tool_missing", "no"); });
    CHECK(makeTerraformProvider(none, tags)->inspect(workspace, {}, {}).reason->code ==
          "tool_missing");
}

TEST_CASE("init that selects other providers than Git makes the check inconclusive") {
    World world;
    world.lockAfterInit =
        "provider \"registry.terraform.io/driftkeeper/box\" {\n  version = \"1.1.0\"\n}\n";
    CHECK(world.reasonOf() == "lock_file_changed");
    CHECK(world.scratch.read("tree/stack/.terraform.lock.hcl").find("1.0.0") != std::string::npos);
}

TEST_CASE("without a lock file in Git init chooses once, and the report says so") {
    World world;
    std::filesystem::remove(world.workspace.directory / ".terraform.lock.hcl");
    world.lockAfterInit =
        "provider \"registry.terraform.io/driftkeeper/box\" {\n  version = \"1.1.0\"\n}\n";
    for (int check = 0; check < 2; ++check) {
        const Report report = world.inspect();
        CHECK(verdictOf(report) == Verdict::InSync);
        CHECK(report.evidence.providerVersions.at("registry.terraform.io/driftkeeper/box") ==
              "1.1.0");
        REQUIRE_FALSE(report.diagnostics.empty());
        CHECK(report.diagnostics.back().summary ==
              "no dependency lock file in Git: provider versions were chosen once and are kept");
        std::filesystem::remove(world.workspace.directory /
                                ".terraform.lock.hcl");  // as Git has it
    }
    CHECK(world.runner.commands() == Words{"version", "init", "plan", "plan"});
}

TEST_CASE("a workspace must exist; the default one is not asked for") {
    World world;
    world.scratch.write("tree/stack/main.tf", "terraform {\n  backend \"s3\" {\n  }\n}\n");
    world.workspace.options["workspace"] = {"blue"};
    CHECK(verdictOf(world.inspect()) == Verdict::InSync);
    CHECK(world.runner.commands() == Words{"version", "init", "workspace", "plan"});
    world.workspace.options["workspace"] = {"green"};
    CHECK(world.reasonOf() == "workspace_missing");
}

TEST_CASE("what cannot be planned here is said before anything runs") {
    struct Row {
        const char* configuration;
        const char* code;
    };
    for (const Row& row :
         {Row{"terraform {\n  backend \"local\" {\n    path = \"s.tfstate\"\n  }\n}\n",
              "no_state_in_checkout"},
          Row{"resource \"box_item\" \"a\" {\n}\n", "no_state_in_checkout"}}) {
        World world;
        world.scratch.write("tree/stack/main.tf", row.configuration);
        CHECK(world.reasonOf() == row.code);
        CHECK(world.runner.calls().empty());
    }
}

TEST_CASE("a workspace of HCP Terraform that lets its plans run here is checked as any other") {
    for (const char* text : {"terraform {\n  cloud {\n    organization = \"x\"\n  }\n}\n",
                             "terraform {\n  backend \"remote\" {\n  }\n}\n"}) {
        World world;
        world.scratch.write("tree/stack/main.tf", text);
        CHECK(verdictOf(world.inspect()) == Verdict::InSync);
        // One that runs them itself refuses before it queues a run.
        const Words plan = world.runner.calls().back().argv;
        CHECK(std::ranges::find(plan, "-parallelism=9") != plan.end());
    }
}

TEST_CASE("a working tree that was initialised elsewhere is looked at with that data") {
    World world;
    world.workspace.workingTree = true;
    world.workspace.commit.clear();
    world.scratch.write("data-prod/environment", "blue\n");
    const auto data = world.scratch.path() / "data-prod";
    world.workspace.options["data_directory"] = {data.string()};
    CHECK(verdictOf(world.inspect()) == Verdict::InSync);
    const ToolCall plan = world.runner.calls().back();
    CHECK(plan.environment.at("TF_DATA_DIR") == data.string());
    CHECK(plan.environment.at("TF_WORKSPACE") == "blue");
    CHECK(std::ranges::find(plan.sandbox.readable, data) != plan.sandbox.readable.end());
}

TEST_CASE("a working tree that is initialised is looked at as it is") {
    World world;
    world.workspace.workingTree = true;
    world.workspace.commit.clear();
    world.scratch.write("tree/stack/.terraform/environment", "blue\n");
    CHECK(verdictOf(world.inspect()) == Verdict::InSync);
    CHECK(world.runner.commands() == Words{"workspace", "plan"});
    const ToolCall plan = world.runner.calls().back();
    CHECK(plan.environment.at("TF_DATA_DIR") ==
          (world.workspace.directory / ".terraform").string());
    CHECK(plan.environment.at("TF_WORKSPACE") == "blue");
    CHECK(std::ranges::find(plan.sandbox.writable, world.workspace.directory) ==
          plan.sandbox.writable.end());
}

TEST_CASE("a working tree that needs init gets private data, then a private copy") {
    World world;
    world.workspace.workingTree = true;
    world.planErrors = {"Required plugins are not installed"};
    CHECK(verdictOf(world.inspect()) == Verdict::InSync);
    CHECK(world.runner.commands() == Words{"init", "plan", "init", "plan"});
    const auto calls = world.runner.calls();
    CHECK(calls[0].directory == world.workspace.directory);
    CHECK(std::ranges::find(calls[0].argv, "-lockfile=readonly") != calls[0].argv.end());
    CHECK(calls[2].directory == world.workspace.privateDirectory / "copy");
    CHECK(std::ranges::find(calls[2].argv, "-lockfile=readonly") == calls[2].argv.end());
    CHECK_FALSE(std::filesystem::exists(world.workspace.directory / ".terraform"));
}

TEST_CASE("a local state that does not exist means never applied in a working tree") {
    World world;
    world.workspace.workingTree = true;
    world.scratch.write("tree/stack/main.tf", "resource \"box_item\" \"a\" {\n}\n");
    world.situation = "never_applied";
    world.plannedState = R"({"version":4,"serial":0,"lineage":"","outputs":{},"resources":[]})";
    CHECK(verdictOf(world.inspect()) == Verdict::Unapplied);
}

TEST_CASE("a commit that was clean before is told from a new one") {
    World world;
    world.situation = "unapplied_modify";
    LastClean clean;
    clean.sourceDigest = "d";
    world.workspace.sourceDigest = "d";
    CHECK(world.provider->inspect(world.workspace, clean, {}).drifts.at(0).cause ==
          "applied_elsewhere");
    world.workspace.sourceDigest = "e";
    CHECK(world.provider->inspect(world.workspace, clean, {}).drifts.at(0).cause ==
          "unapplied_commit");
    CHECK(world.inspect().drifts.at(0).cause == "unapplied_commit");
}

TEST_CASE("secrets of the environment do not reach a message") {
    World world;
    world.workspace.environment = {{"DB_PASSWORD", "hunter22"}};
    world.planErrors = {"login with hunter22 failed"};
    const Report report = world.inspect();
    CHECK(report.reason->text.find("hunter22") == std::string::npos);
    CHECK(report.diagnostics.at(0).summary == "login with *** failed: secret detail");
}

TEST_CASE("progress is told in short phrases") {
    World world;
    std::vector<std::string> phrases;
    world.workspace.progress = [&](std::string_view phrase) { phrases.emplace_back(phrase); };
    (void)world.inspect();
    REQUIRE(phrases.size() >= 3);
    CHECK(phrases[0] == "initialising");
    CHECK(phrases[1] == "planning");
    CHECK(phrases.back().find("resources read") != std::string::npos);
}

}  // namespace look_test
