// OpenTofu cannot be had where these tests run: a recorded runner says what real Terraform said, in
// OpenTofu's words as its sources have them (v1.12: views/json_view.go, jsonplan/plan.go): no
// `applyable`, no `complete`, its own registry, `tofu` in the first message of the stream, exit
// status 0 despite drift. The real binary was not run.
#include <doctest/doctest.h>

#include <algorithm>

#include "providers/terraform/terraform_provider.hpp"
#include "tests/providers/process/recorded_tool_runner.hpp"
#include "tests/providers/process/scratch.hpp"
#include "tests/providers/terraform/recorded_plan.hpp"

using namespace driftkeeper;
using tests::RecordedToolRunner;
using tests::Scratch;
using Words = std::vector<std::string>;

namespace opentofu_test {
namespace {

std::string replaced(std::string text, std::string_view what, std::string_view by) {
    for (auto at = text.find(what); at != std::string::npos; at = text.find(what, at + by.size()))
        text.replace(at, what.size(), by);
    return text;
}

std::string asOpenTofu(std::string text) {
    for (const char* key : {"applyable", "complete"})
        for (const char* value : {"true", "false"})
            text = replaced(std::move(text), std::string(",\"") + key + "\":" + value, "");
    text = replaced(std::move(text), "registry.terraform.io", "registry.opentofu.org");
    text = replaced(std::move(text), "terraform.ui", "tofu.ui");
    text = replaced(std::move(text), R"("terraform":"1.11.4")", R"("tofu":"1.9.0")");
    return replaced(std::move(text), "Terraform 1.11.4", "OpenTofu 1.9.0");
}

enum class Tool { Terraform, OpenTofu };

struct World {
    Tool tool;
    std::string situation = "clean";
    std::string version = "1.9.0";
    std::string pullError;
    Scratch scratch;
    ValueTags tags{"key"};
    Workspace workspace;
    RecordedToolRunner runner{[this](const ToolCall& call) { return answer(call); }};
    std::unique_ptr<Provider> provider;

    explicit World(Tool which) : tool(which) {
        provider = which == Tool::OpenTofu ? makeOpenTofuProvider(runner, tags)
                                           : makeTerraformProvider(runner, tags);
        workspace.root = scratch.folder("tree");
        workspace.directory = scratch.folder("tree/stack");
        workspace.privateDirectory = scratch.folder("private");
        workspace.notesDirectory = scratch.folder("notes");
        workspace.commit = "c1";
        scratch.write("tree/stack/main.tf", "terraform {\n  backend \"s3\" {\n  }\n}\n");
    }

    [[nodiscard]] std::string said(const std::string& file) const {
        auto text = tests::golden(situation, file);
        return tool == Tool::OpenTofu ? asOpenTofu(std::move(text)) : text;
    }

    Result<ToolResult> answer(const ToolCall& call) {
        const std::string& command = call.argv[1];
        if (command == "version")
            return RecordedToolRunner::said(R"({"terraform_version": ")" + version + "\"}");
        if (command == "show") return RecordedToolRunner::said(said("plan.json"));
        if (command == "state" && !pullError.empty()) {
            auto failed = RecordedToolRunner::said("", 1);
            failed.err = pullError;
            return failed;
        }
        if (command == "state") return RecordedToolRunner::said(tests::stateOf("l", 7));
        if (command == "providers")
            return RecordedToolRunner::said(asOpenTofu(tests::golden("", "provider_schema.json")));
        if (command != "plan") return RecordedToolRunner::said("");
        tests::writePlanFile(call.argv[6].substr(5), tests::stateOf("l", 7));
        return RecordedToolRunner::said(said("stream.jsonl"),
                                        std::stoi(tests::golden(situation, "exit")));
    }

    Report inspect() { return provider->inspect(workspace, {}, {}); }
};

}  // namespace

TEST_CASE("what Terraform and OpenTofu say of one situation is one report") {
    for (const char* situation : {"clean",
                                  "modified",
                                  "deleted",
                                  "conflict",
                                  "hotfix",
                                  "ignore_changes",
                                  "optional_computed_changed",
                                  "unapplied_create",
                                  "unapplied_modify",
                                  "tainted",
                                  "cascade",
                                  "data_source_changed",
                                  "output_only",
                                  "moved",
                                  "removed_block",
                                  "for_each_key_changed",
                                  "sensitive_changed",
                                  "unreadable_next_to_drifted",
                                  "unreadable_alone",
                                  "zero_for_null",
                                  "policy_reordered",
                                  "check_block_failed",
                                  "replace"}) {
        CAPTURE(situation);
        World terraform(Tool::Terraform);
        World tofu(Tool::OpenTofu);
        terraform.situation = tofu.situation = situation;
        const Report one = terraform.inspect();
        const Report other = tofu.inspect();
        CHECK(other.completeness == one.completeness);
        CHECK(verdictOf(other) == verdictOf(one));
        CHECK(other.drifts == one.drifts);
        CHECK(other.coverage == one.coverage);
        CHECK(other.reason.has_value() == one.reason.has_value());
    }
}

TEST_CASE(
    "OpenTofu's plan is drifted although it ends with 0 and says neither applyable nor complete") {
    World world(Tool::OpenTofu);
    world.situation = "modified";
    const Report report = world.inspect();
    CHECK(tests::golden("modified", "exit").starts_with("0"));
    CHECK_FALSE(world.said("plan.json").contains("applyable"));
    CHECK(verdictOf(report) == Verdict::Drifted);
    CHECK(report.evidence.toolVersion == "1.9.0");
    CHECK(world.runner.commands() == Words{"version", "init", "plan", "show", "state"});
    CHECK(std::ranges::all_of(world.runner.calls(),
                              [](const ToolCall& call) { return call.argv[0] == "tofu"; }));
}

TEST_CASE("an errored plan of OpenTofu is partial without the word complete") {
    World world(Tool::OpenTofu);
    world.situation = "unreadable_next_to_drifted";
    CHECK(world.inspect().completeness == Completeness::Partial);
}

TEST_CASE("OpenTofu reads its own files, Terraform does not") {
    for (const Tool tool : {Tool::Terraform, Tool::OpenTofu}) {
        World world(tool);
        world.scratch.write("tree/stack/main.tofu",
                            "terraform {\n  backend \"local\" {\n    path = \"s\"\n  }\n}\n");
        const Report report = world.inspect();
        CHECK((report.reason && report.reason->code == "no_state_in_checkout") ==
              (tool == Tool::OpenTofu));
    }
}

TEST_CASE("a state that only its keys open is told as such") {
    for (const char* said :
         {"Error: Error loading state\n\ndecryption failed for all provided methods: attempted\n",
          "Error: Failed to load state: this state file is encrypted and can not be read without "
          "an encryption configuration\n"}) {
        World world(Tool::OpenTofu);
        world.situation = "modified";
        world.pullError = said;
        const Report report = world.inspect();
        CHECK(report.completeness == Completeness::Failed);
        REQUIRE(report.reason);
        CHECK(report.reason->code == "encrypted_state");
    }
}

TEST_CASE("sentences name OpenTofu's program") {
    World world(Tool::OpenTofu);
    world.version = "1.5.9";
    CHECK(world.inspect().reason->text.contains("this version of tofu"));
    RecordedToolRunner none(
        [](const ToolCall&) { return failure(Remedy::FixSetup, "tool_missing", "no"); });
    const Report report = makeOpenTofuProvider(none, world.tags)->inspect(world.workspace, {}, {});
    CHECK(report.reason->code == "tool_missing");
    CHECK(report.reason->text == "tofu cannot be started (no)");
}

}  // namespace opentofu_test
