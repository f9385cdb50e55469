// terragrunt cannot be had where these tests run: a recorded runner plays its documented output
// (v1.1) around what real Terraform said of a plan. The real binary was not run.
#include <doctest/doctest.h>

#include <algorithm>

#include "providers/terragrunt/terragrunt_provider.hpp"
#include "tests/providers/process/recorded_tool_runner.hpp"
#include "tests/providers/process/scratch.hpp"
#include "tests/providers/terraform/recorded_plan.hpp"

using namespace driftkeeper;
using tests::RecordedToolRunner;
using tests::Scratch;
using Words = std::vector<std::string>;

namespace terragrunt_look_test {
namespace {

const std::string mocked =
    R"({"level":"warn","msg":"Config ../vpc/terragrunt.hcl is a dependency of ./terragrunt.hcl that has no outputs, but mock outputs provided and returning those in dependency output."})"
    "\n";

const std::string newer =
    R"({"@level":"info","@message":"OpenTofu 1.9.0","type":"version","tofu":"1.9.0","ui":"1.2"})"
    "\n"
    R"({"@level":"error","type":"diagnostic","diagnostic":{"severity":"error","summary":"Resource instance managed by newer provider version","detail":"The current state of box_item.a was created by a newer provider version."}})"
    "\n";

struct World {
    Scratch scratch;
    ValueTags tags{"key"};
    Workspace workspace;
    std::string situation = "clean";
    std::string state = tests::stateOf("l", 7);
    std::string planLog;
    std::string working = "/nowhere";
    std::string outputs = R"({"id":{"type":"string","value":"v"}})";
    bool plans = true;
    bool isNewer = false;  // somebody applied with a newer provider than the downloads have
    RecordedToolRunner runner{[this](const ToolCall& call) { return answer(call); }};
    std::unique_ptr<Provider> provider = makeTerragruntProvider(runner, tags);

    World() {
        workspace.root = scratch.folder("tree");
        workspace.directory = scratch.folder("tree/live/app");
        workspace.privateDirectory = scratch.folder("private");
        workspace.notesDirectory = scratch.folder("notes");
        workspace.commit = "c1";
        scratch.write("tree/root.hcl",
                      "remote_state {\n backend = \"s3\"\n config = {\n bucket = \"b\"\n key = "
                      "\"${path_relative_to_include()}/t\"\n }\n}\n");
        const std::string include =
            "include \"root\" {\n path = find_in_parent_folders(\"root.hcl\")\n}\n";
        scratch.write("tree/live/vpc/terragrunt.hcl", include);
        write(
            include +
            "terraform {\n source = \"../../modules/app\"\n}\ndependency \"vpc\" {\n config_path = "
            "\"../vpc\"\n}\ninputs = {\n vpc = dependency.vpc.outputs.id\n}\n");
        scratch.write("tree/modules/app/main.tf",
                      "variable \"vpc\" {}\nresource \"box_item\" \"a\" {\n name = "
                      "var.vpc\n}\noutput \"id\" {\n value "
                      "= box_item.a.id\n}\n");
    }

    [[nodiscard]] std::filesystem::path downloads() const {
        return workspace.privateDirectory / "terragrunt";
    }

    void write(const std::string& text) const {
        scratch.write("tree/live/app/terragrunt.hcl", text);
    }

    // The word after "--", or terragrunt's own.
    static std::string commandOf(const ToolCall& call) {
        const auto marks = std::ranges::find(call.argv, "--");
        return marks == call.argv.end() ? call.argv[1] : *(marks + 1);
    }

    Result<ToolResult> answer(const ToolCall& call) {
        const std::string command = commandOf(call);
        if (command == "version")
            return RecordedToolRunner::said(R"({"terraform_version":"1.9.0"})");
        if (command == "info")
            return RecordedToolRunner::said(R"({"working_dir":")" + working + R"(",)" +
                                            R"("terraform_binary":"tofu"})");
        if (command == "output") return RecordedToolRunner::said(outputs);
        if (command == "show")
            return RecordedToolRunner::said(tests::golden(situation, "plan.json"));
        if (command == "state") return RecordedToolRunner::said(state);
        if (command != "plan") return RecordedToolRunner::said("");
        if (isNewer && !std::filesystem::exists(downloads() / "fetched")) isNewer = false;
        if (isNewer) {
            ToolResult refused = RecordedToolRunner::said(newer);
            refused.status = 1;
            return refused;
        }
        ToolResult result =
            RecordedToolRunner::said(plans ? tests::golden(situation, "stream.jsonl") : "");
        result.err = planLog;
        const auto out = std::ranges::find_if(
            call.argv, [](const auto& word) { return word.starts_with("-out="); });
        if (plans) tests::writePlanFile(out->substr(5), state);
        return result;
    }

    Report inspect() { return provider->inspect(workspace, {}, {}); }
    std::string reasonOf() {
        const Report report = inspect();
        CHECK(report.completeness == Completeness::Failed);
        return report.reason ? report.reason->code : "";
    }
    [[nodiscard]] Words commands() const {
        Words all;
        for (const ToolCall& call : runner.calls()) all.push_back(commandOf(call));
        return all;
    }
};

}  // namespace

TEST_CASE("a plan initialises what it needs, and is all that a clean unit costs") {
    World world;
    CHECK(verdictOf(world.inspect()) == Verdict::InSync);
    CHECK(world.commands() == Words{"plan"});
    CHECK(world.runner.calls().front().argv[0] == "terragrunt");
}

TEST_CASE("a unit with settings for init is initialised once for what it is made of") {
    World world;
    world.workspace.options["backend_config"] = {"key=x"};
    CHECK(verdictOf(world.inspect()) == Verdict::InSync);
    CHECK(verdictOf(world.inspect()) == Verdict::InSync);
    CHECK(world.commands() == Words{"init", "plan", "plan"});
    world.write(world.scratch.read("tree/live/app/terragrunt.hcl") + "# other\n");
    (void)world.inspect();
    CHECK(world.commands() == Words{"init", "plan", "plan", "init", "plan"});
}

TEST_CASE("a drifted unit is read as any plan, and its ties lead to the unit that it depends on") {
    World world;
    world.situation = "modified";
    const Report report = world.inspect();
    CHECK(verdictOf(report) == Verdict::Drifted);
    CHECK(world.commands() == Words{"plan", "info", "show", "state"});
    const auto& needs = report.graph.needs();
    CHECK(std::ranges::find(needs, Tie{"box_item.a", "tfstate:s3://b/live/vpc/t#id"}) !=
          needs.end());
    const auto& offers = report.graph.offers();
    CHECK(std::ranges::find(offers, Tie{"box_item.a", "tfstate:s3://b/live/app/t#id"}) !=
          offers.end());
}

TEST_CASE("what a plan left is read by the program that made it, where it works") {
    World world;
    world.situation = "modified";
    world.working = world.scratch.folder("tree/modules/app").string();
    CHECK(verdictOf(world.inspect()) == Verdict::Drifted);
    for (const ToolCall& call : world.runner.calls()) {
        const auto command = World::commandOf(call);
        const bool isReading = command == "show" || command == "state";
        CHECK(call.argv[0] == (isReading ? "tofu" : "terragrunt"));
        if (isReading) CHECK(call.directory == world.working);
    }
}

TEST_CASE("a plan made of mock outputs is inconclusive, drifted or not") {
    for (const char* situation : {"clean", "modified"}) {
        World world;
        world.situation = situation;
        world.planLog = mocked;
        CHECK(world.reasonOf() == "mock_outputs");
    }
}

TEST_CASE(
    "mock outputs that are mixed in unseen are reported, unless the real ones cover them all") {
    World world;
    world.write(
        "terraform {\n source = \"../../modules/app\"\n}\ndependency \"vpc\" {\n config_path = "
        "\"../vpc\"\n mock_outputs = { id = \"mock\" }\n "
        "mock_outputs_merge_strategy_with_state = \"shallow\"\n}\n");
    CHECK(verdictOf(world.inspect()) == Verdict::InSync);
    CHECK(world.runner.calls().front().directory == world.workspace.root / "live/vpc");
    CHECK(world.commands() == Words{"output", "plan"});
    world.outputs = "{}";
    CHECK(world.reasonOf() == "mock_outputs");
    CHECK(world.commands() == Words{"output", "plan", "output"});
}

TEST_CASE("a unit that was not planned is never clean") {
    World world;
    world.plans = false;
    CHECK(world.reasonOf() == "no_plan");
}

TEST_CASE("an empty state that would lie in the checkout says nothing") {
    const auto empty =
        R"({"version":4,"terraform_version":"1.9.0","serial":0,"lineage":"n","resources":[]})";
    World world;
    world.state = empty;
    CHECK(world.inspect().completeness == Completeness::Complete);  // in S3: never applied
    world.write("terraform {\n source = \"../../modules/app\"\n}\n");
    CHECK(world.reasonOf() == "no_state_in_checkout");
}

TEST_CASE("a newer provider that somebody applied with is fetched where Git has no lock file") {
    World world;
    world.isNewer = true;
    world.scratch.write("private/terragrunt/fetched", "1.0.0");
    CHECK(verdictOf(world.inspect()) == Verdict::InSync);
    CHECK(world.commands() == Words{"plan", "init", "plan"});

    World locked;
    locked.isNewer = true;
    locked.scratch.write("private/terragrunt/fetched", "1.0.0");
    locked.scratch.write("tree/live/app/.terraform.lock.hcl", "");
    CHECK(locked.reasonOf() == "broken_configuration");
    CHECK(std::filesystem::exists(locked.downloads() / "fetched"));
}

TEST_CASE("a state beside the module is the working tree's own") {
    const auto ownDownloads = [](const std::string& backend) {
        World world;
        world.workspace.workingTree = true;
        world.write("terraform {\n source = \"../../modules/app\"\n}\n" + backend);
        world.inspect();
        return world.runner.calls().front().environment.contains("TG_DOWNLOAD_DIR");
    };
    CHECK_FALSE(ownDownloads(""));
    CHECK_FALSE(ownDownloads(
        "remote_state {\n backend = \"local\"\n config = {\n path = \"../t\"\n }\n}\n"));
    CHECK(ownDownloads(
        "remote_state {\n backend = \"local\"\n config = {\n path = \"/s/t\"\n }\n}\n"));
    CHECK(ownDownloads("remote_state {\n backend = \"s3\"\n config = {\n key = \"t\"\n }\n}\n"));
}

TEST_CASE("a working tree is looked at in a copy that has the unit's surroundings") {
    World world;
    world.workspace.workingTree = true;
    CHECK(verdictOf(world.inspect()) == Verdict::InSync);
    const auto copy = world.workspace.privateDirectory / "copy";
    CHECK(world.runner.calls().front().directory == copy / "live/app");
    for (const char* file :
         {"root.hcl", "live/app/terragrunt.hcl", "live/vpc/terragrunt.hcl", "modules/app/main.tf"})
        CHECK(std::filesystem::exists(copy / file));
    const auto calls = world.runner.calls();
    for (const auto& writable : calls.front().sandbox.writable)
        CHECK_FALSE(writable.string().starts_with(world.workspace.root.string()));
}

TEST_CASE("the version that the unit asks for chooses the program that terragrunt runs") {
    World world;
    world.scratch.write("tree/live/.opentofu-version", "1.9.0");
    world.workspace.options["programs"] = {"=/opt/tofu-1.9"};
    world.workspace.environment["PATH"] = world.scratch.path().string();
    CHECK(verdictOf(world.inspect()) == Verdict::InSync);
    CHECK(world.runner.calls().front().argv == Words{"/opt/tofu-1.9", "version", "-json"});
    CHECK(world.runner.calls().back().environment.at("TG_TF_PATH") == "/opt/tofu-1.9");
    world.scratch.write("tree/live/.opentofu-version", "1.10.0");
    CHECK(world.reasonOf() == "no_fitting_version");
}

}  // namespace terragrunt_look_test
