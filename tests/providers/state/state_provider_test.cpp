#include "providers/state/state_provider.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <filesystem>

#include "tests/providers/process/recorded_tool_runner.hpp"
#include "tests/providers/process/scratch.hpp"

using namespace driftkeeper;
using tests::RecordedToolRunner;
using tests::Scratch;
using Words = std::vector<std::string>;

namespace state_provider_test {
namespace {

const char* const state =
    R"({"version":4,"terraform_version":"1.9.0","serial":4,"lineage":"l","outputs":{"id":{"value":"CANARY-out","type":"string"}},"resources":[
 {"mode":"managed","type":"box_item","name":"a","provider":"provider[\"registry.terraform.io/d/box\"]",
  "instances":[{"attributes":{"id":"a1","password":"CANARY-password"}}]},
 {"mode":"managed","type":"box_item","name":"b","provider":"provider[\"registry.terraform.io/d/box\"]",
  "instances":[{"attributes":{"id":"b1"},"dependencies":["box_item.a"]}]}]})";

const char* const encrypted =
    R"({"serial":3,"lineage":"l","meta":{},"encrypted_data":"bm90aGluZw==","encryption_version":"v0"})";

struct World {
    Scratch scratch;
    ValueTags tags{"key"};
    Workspace workspace;
    ToolResult pulled = RecordedToolRunner::said(state);
    RecordedToolRunner runner{[this](const ToolCall& call) -> Result<ToolResult> {
        if (call.argv[1] == "version")
            return RecordedToolRunner::said(R"({"terraform_version": "1.9.0"})");
        return call.argv[1] == "state" ? pulled : RecordedToolRunner::said("");
    }};
    std::unique_ptr<Provider> provider = makeStateProvider(runner, tags);

    World() {
        workspace.root = scratch.folder("tree");
        workspace.directory = scratch.folder("tree/stack");
        workspace.privateDirectory = scratch.folder("private");
        workspace.notesDirectory = scratch.folder("notes");
        workspace.commit = "c1";
        scratch.write("tree/stack/main.tf",
                      "terraform {\n backend \"s3\" {\n bucket = \"b\"\n key = \"k\"\n }\n}\n"
                      "output \"id\" {\n value = box_item.a.id\n}\n");
    }

    Report inspect(ProviderOptions options) {
        workspace.options = std::move(options);
        return provider->inspect(workspace, {}, {});
    }

    std::string reasonOf(ProviderOptions options) {
        const Report report = inspect(std::move(options));
        CHECK(report.completeness == Completeness::Failed);
        return report.reason ? report.reason->code : "";
    }
};

}  // namespace

TEST_CASE("a state file becomes an inventory that nobody compared, and no tool runs") {
    World world;
    world.scratch.write("tree/stack/prod.tfstate", state);
    const Report report = world.inspect({{"file", {"prod.tfstate"}}});
    CHECK(report.completeness == Completeness::Partial);
    CHECK(report.reason->code == "not_compared");
    CHECK(verdictOf(report) == Verdict::Inconclusive);
    CHECK(report.resources == 2);
    CHECK(report.coverage == Coverage{0, 2, 0});
    CHECK(report.graph.dependentsOf("box_item.a") == Words{"box_item.b"});
    CHECK(report.graph.resources()[0].identity == "d/box box_item a1");
    CHECK(report.evidence.stateSerial == 4);
    CHECK(world.runner.calls().empty());
}

TEST_CASE("a state file may lie anywhere on the host, but a link in the tree leads nowhere else") {
    World world;
    world.scratch.write("elsewhere/prod.tfstate", state);
    const auto outside = world.scratch.path() / "elsewhere/prod.tfstate";
    CHECK(world.inspect({{"file", {outside.string()}}}).resources == 2);
    std::filesystem::create_symlink(outside, world.workspace.directory / "link.tfstate");
    CHECK(world.reasonOf({{"file", {"link.tfstate"}}}) == "state_unreadable");
    CHECK(world.reasonOf({{"file", {"../../elsewhere/prod.tfstate"}}}) == "state_unreadable");
}

TEST_CASE("a state file ties the stack to others by its own path") {
    World world;
    world.scratch.write("tree/stack/prod.tfstate", state);
    const Report report = world.inspect({{"file", {"prod.tfstate"}}});
    const std::string key =
        "tfstate:local:" +
        (std::filesystem::canonical(world.workspace.directory) / "prod.tfstate").string();
    CHECK(std::ranges::find(report.graph.offers(), Tie{"box_item.a", key + "#id"}) !=
          report.graph.offers().end());
}

TEST_CASE("the state of a backend is pulled after init, and is an inventory too") {
    World world;
    const Report report = world.inspect({{"pull", {"true"}}});
    CHECK(report.reason->code == "not_compared");
    CHECK(report.resources == 2);
    CHECK(std::ranges::find(report.graph.offers(), Tie{"box_item.a", "tfstate:s3://b/k#id"}) !=
          report.graph.offers().end());
    CHECK(world.runner.commands() == Words{"version", "init", "state"});
    (void)world.inspect({{"pull", {"true"}}});
    CHECK(world.runner.commands() == Words{"version", "init", "state", "state"});
    (void)world.inspect({{"pull", {"true"}}, {"tool", {"opentofu"}}});
    CHECK(world.runner.calls().back().argv[0] == "tofu");
}

TEST_CASE("the state of a backend that refuses saved plans can be pulled all the same") {
    World world;
    world.scratch.write("tree/stack/main.tf",
                        "terraform {\n cloud {\n organization = \"x\"\n }\n}\n");
    CHECK(world.inspect({{"pull", {"true"}}}).reason->code == "not_compared");
}

TEST_CASE("a state that cannot be pulled for want of init is pulled after it") {
    World world;
    (void)world.inspect({{"pull", {"true"}}});
    int pulls = 0;
    RecordedToolRunner runner([&](const ToolCall& call) -> Result<ToolResult> {
        if (call.argv[1] == "version")
            return RecordedToolRunner::said(R"({"terraform_version": "1.9.0"})");
        if (call.argv[1] != "state" || ++pulls > 1) return world.pulled;
        auto refused = RecordedToolRunner::said("", 1);
        refused.err = "\nError: Backend initialization required, please run \"terraform init\"\n\n";
        return refused;
    });
    CHECK(makeStateProvider(runner, world.tags)->inspect(world.workspace, {}, {}).reason->code ==
          "not_compared");
    CHECK(runner.commands() == Words{"state", "version", "init", "state"});
}

TEST_CASE("a state that cannot be read is a failed look with its reason") {
    World world;
    world.scratch.write("tree/stack/encrypted.tfstate", encrypted);
    world.scratch.write("tree/stack/broken.tfstate", "{\"version\":4");
    CHECK(world.reasonOf({{"file", {"encrypted.tfstate"}}}) == "encrypted_state");
    CHECK(world.reasonOf({{"file", {"broken.tfstate"}}}) == "state_unreadable");
    CHECK(world.reasonOf({{"file", {"none.tfstate"}}}) == "state_unreadable");
    CHECK(world.reasonOf({}) == "unsupported");
    CHECK(world.reasonOf({{"file", {"x"}}, {"pull", {"true"}}}) == "unsupported");
    world.pulled = RecordedToolRunner::said("", 1);
    world.pulled.err = "\nError: Failed to load state: AccessDenied\n\n";
    CHECK(world.reasonOf({{"pull", {"true"}}}) == "state_unreadable");
}

TEST_CASE("no value of a state leaves it") {
    World world;
    world.scratch.write("tree/stack/prod.tfstate", state);
    const Report report = world.inspect({{"file", {"prod.tfstate"}}});
    std::string all = report.reason->text;
    for (const auto& one : report.graph.resources()) all += one.address + one.id + one.identity;
    for (const auto& tie : report.graph.offers()) all += tie.key;
    for (const auto& tie : report.graph.needs()) all += tie.key;
    for (const auto& one : report.diagnostics) all += one.summary;
    CHECK_FALSE(all.contains("CANARY"));
}

}  // namespace state_provider_test
