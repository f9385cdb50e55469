// Providers on the real SDKs, on every program of Terraform's family that is there.
#include <doctest/doctest.h>

#include <algorithm>
#include <memory>

#include "parsers/graph/cause.hpp"
#include "parsers/graph/report.hpp"
#include "providers/process/real_tool_runner.hpp"
#include "providers/terraform/terraform_provider.hpp"
#include "tests/real/provider_world.hpp"

using namespace driftkeeper;
using namespace driftkeeper::tests;

namespace provider_test {
namespace {

const std::string filled =
    "resource \"lab_old\" \"full\" {\n name = \"full\"\n content = \"one\"\n size = 3\n enabled = "
    "true\n "
    "labels = { a = \"1\", b = \"2\" }\n names = [\"x\", \"y\"]\n steps = [\"s1\", \"s2\"]\n rule "
    "{\n  "
    "port = 80\n  note = \"web\"\n }\n rule {\n  port = 443\n }\n tags = { team = \"red\" }\n "
    "secret = "
    "\"CANARY-old\"\n}\n"
    "resource \"lab_thing\" \"full\" {\n name = \"full\"\n content = \"one\"\n size = 3\n labels = "
    "{ a = "
    "\"1\" }\n names = [\"x\", \"y\"]\n region = \"south\"\n secret = \"CANARY-thing\"\n}\n";

// What a configuration leaves out, and what it says as empty.
const std::string bare =
    "resource \"lab_old\" \"bare\" {\n name = \"bare\"\n}\n"
    "resource \"lab_old\" \"empty\" {\n name = \"empty\"\n content = \"\"\n size = 0\n enabled = "
    "false\n "
    "labels = {}\n names = []\n steps = []\n tags = {}\n}\n"
    "resource \"lab_thing\" \"bare\" {\n name = \"bare\"\n}\n"
    "resource \"lab_thing\" \"empty\" {\n name = \"empty\"\n content = \"\"\n labels = {}\n names "
    "= []\n}\n";

void isQuiet(const TerraformProgram& program) {
    ProviderWorld world(program);
    world.set("lab_owner/app", "value", "\"ann\"");
    world.write("app/lambda/main.py", "def handler(e, c): return 1\n");
    world.stack(
        {"lab6", "archive", "null", "time"},
        filled + bare +
            "resource \"lab_nested\" \"a\" {\n name = \"a\"\n access = { public = false, token = "
            "\"CANARY-token\" }\n settings = [{ key = \"k\", value = \"v\" }]\n}\n"
            "resource \"lab_blob\" \"a\" {\n name = \"a\"\n kib = 64\n}\n"
            "data \"lab_owner\" \"app\" {\n name = \"app\"\n}\n"
            "resource \"lab_thing\" \"follows\" {\n name = \"follows\"\n content = "
            "provider::lab::shout(data.lab_owner.app.value)\n}\n"
            "resource \"time_rotating\" \"far\" {\n rotation_years = 90\n}\n"
            "data \"archive_file\" \"lambda\" {\n type = \"zip\"\n source_dir = "
            "\"${path.module}/lambda\"\n output_path = \"${path.module}/build/lambda.zip\"\n}\n"
            "resource \"null_resource\" \"deploy\" {\n triggers = { code = "
            "data.archive_file.lambda.output_base64sha256 }\n}\n");
    world.apply();
    const auto checked = world.check();
    CHECK(told(checked) == "in_sync");
    CHECK_FALSE(checked.out.contains("CANARY"));
    CHECK_FALSE(std::filesystem::exists(world.git().path() / "app/build"));

    world.set("lab_nested/a", "access", R"({"public": true, "token": "CANARY-changed"})");
    world.set("lab_nested/a", "settings", R"([{"key": "k", "value": "w"}])");
    const auto changed = world.check();
    CHECK(told(changed) ==
          "drifted; lab_nested.a modified live out_of_band "
          "access.public,access.token,settings[0].value");
    CHECK_FALSE(changed.out.contains("CANARY"));
}
OVER_ALL_PROGRAMS(isQuiet, "what was just applied is in sync, whatever is null, empty or computed")

void isExact(const TerraformProgram& program) {
    struct Row {
        const char* object;
        const char* key;    // nullptr: the object is removed
        const char* value;  // JSON
        const char* paths;  // that are reported; "" for none
    };
    ProviderWorld world(program);
    world.stack({"lab5"}, filled + bare);
    world.apply();
    for (const Row& row : {
             Row{"lab_old/full", "content", "\"two\"", "content"},
             Row{"lab_old/full", "content", "\"\"", "content"},
             Row{"lab_old/full", "size", "4", "size"},
             Row{"lab_old/full", "enabled", "false", "enabled"},
             Row{"lab_old/full", "labels", R"({"a": "1", "b": "3", "c": "4"})",
                 "labels.b,labels.c"},
             Row{"lab_old/full", "labels", "{}", "labels.a,labels.b"},
             Row{"lab_old/full", "names", R"(["y", "x"])", ""},
             Row{"lab_old/full", "names", R"(["y", "z"])", "names[0],names[1]"},
             Row{"lab_old/full", "steps", R"(["s2", "s1"])", "steps"},
             Row{"lab_old/full", "rules", R"([{"port": 22, "note": ""}])",
                 "rule[0].port,rule[1].note,rule[1].port"},
             Row{"lab_old/full", "mode", "\"loose\"", "mode"},
             Row{"lab_old/full", "tags", R"({"team": "blue", "by": "lab"})",
                 "tags.team,tags_all.team"},
             Row{"lab_old/full", "secret", "\"CANARY-changed\"", "secret"},
             Row{"lab_old/full", nullptr, "", ""},
             Row{"lab_old/bare", "content", "\"two\"", "content"},
             Row{"lab_old/bare", "labels", R"({"by": "hand"})", "labels.by"},
             Row{"lab_thing/full", "content", "\"two\"", "content"},
             Row{"lab_thing/full", "content", "null", "content"},
             Row{"lab_thing/full", "labels", "null", "labels.a"},
             Row{"lab_thing/full", "names", R"(["y", "x"])", ""},
             Row{"lab_thing/full", "region", "\"west\"", "region"},
             Row{"lab_thing/full", "secret", "\"CANARY-changed\"", "secret"},
             Row{"lab_thing/bare", "size", "7", "size"},
             Row{"lab_thing/bare", nullptr, "", ""},
         }) {
        CAPTURE(row.object);
        CAPTURE(row.value);
        const std::string before = world.object(row.object);
        std::string address = row.object;
        address.replace(address.find('/'), 1, ".");
        std::string expected = "drifted; " + address;
        if (row.key == nullptr) {
            world.remove(row.object);
            expected += " deleted live out_of_band";
        } else {
            world.set(row.object, row.key, row.value);
            expected += std::string(" modified live out_of_band ") + row.paths;
            if (std::string_view(row.paths).empty()) expected = "in_sync";
        }
        const auto checked = world.check();
        CHECK(told(checked) == expected);
        CHECK_FALSE(checked.out.contains("CANARY"));
        world.restore(row.object, before);
    }
}
OVER_ALL_PROGRAMS(isExact, "a change of each kind is reported with the attribute that moved")

void followsData(const TerraformProgram& program) {
    ProviderWorld world(program);
    world.set("lab_owner/app", "value", "\"ann\"");
    world.stack(
        {"lab5"},
        "data \"lab_owner\" \"app\" {\n name = \"app\"\n}\n"
        "resource \"lab_old\" \"a\" {\n name = \"a\"\n tags = { owner = data.lab_owner.app.value "
        "}\n}\n");
    world.apply();
    world.set("lab_owner/app", "value", "\"bob\"");
    const auto checked = world.check();
    CHECK(told(checked) == "in_sync");
    CHECK(suppressed(checked).contains(
        "lab_old.a modified live data_source tags.owner,tags_all.owner"));
}
OVER_ALL_PROGRAMS(followsData, "what follows a data source goes with it")

void expires(const TerraformProgram& program) {
    ProviderWorld world(program);
    world.stack({"time", "lab5"},
                "resource \"time_rotating\" \"key\" {\n rfc3339 = \"2001-02-03T04:05:06Z\"\n "
                "rotation_days = 1\n}\n"
                "resource \"lab_thing\" \"a\" {\n name = \"a\"\n content = \"key of "
                "${time_rotating.key.id}\"\n}\n");
    world.apply();
    const auto checked = world.check();
    CHECK(told(checked) == "in_sync");
    CHECK(suppressed(checked).contains("time_rotating.key deleted live expired"));
}
OVER_ALL_PROGRAMS(expires, "a rotation whose time has come was deleted by nobody")

// The real runner, and the words of what it ran.
class NotedRunner final : public ToolRunner {
public:
    Result<ToolResult> run(const ToolCall& call, std::stop_token stop) override {
        commands.push_back(call.argv.at(1));
        return real_.run(call, std::move(stop));
    }
    [[nodiscard]] bool shows(const Sandbox& sandbox,
                             const std::filesystem::path& file) const override {
        return real_.shows(sandbox, file);
    }
    std::vector<std::string> commands;

private:
    RealToolRunner real_;
};

// One stack as the daemon looks at it: what a look leaves behind is there at the next.
struct Watched {
    NotedRunner runner;
    ValueTags tags{"key"};
    std::unique_ptr<Provider> provider;
    Workspace workspace;

    Watched(const ProviderWorld& world, const TerraformProgram& program)
        : provider(program.isTofu() ? makeOpenTofuProvider(runner, tags)
                                    : makeTerraformProvider(runner, tags)) {
        workspace.root = world.git().path();
        workspace.directory = workspace.root / "app";
        workspace.privateDirectory = world.room() / "private";
        workspace.notesDirectory = world.room() / "notes";
        workspace.options["program"] = {program.file.string()};
        workspace.options["cli_config_file"] = {world.cliConfigFile().string()};
        workspace.commit = world.git().head();
    }
    std::string look() {
        const auto report = provider->inspect(workspace, {}, {});
        return std::string(name(verdictOf(report))) +
               (report.reason ? ' ' + report.reason->code : std::string());
    }
};

void showsNothing(const TerraformProgram& program) {
    ProviderWorld world(program);
    world.stack({"lab5"}, bare);
    world.apply();
    Watched stack(world, program);
    const auto report = stack.provider->inspect(stack.workspace, {}, {});
    CHECK(report.completeness == Completeness::Complete);
    CHECK(std::ranges::all_of(report.drifts, [](const Drift& drift) {
        return drift.cause == cause::cosmetic;  // which a built-in rule takes out
    }));
    CHECK(std::ranges::count(stack.runner.commands, "show") == 0);
}
OVER_ALL_PROGRAMS(showsNothing, "null against empty, fresh from an apply, needs no `show`")

void takesNewer(const TerraformProgram& program) {
    ProviderWorld world(program);
    world.offerOnly("lab5", {"1.0.0"});
    world.stack({"lab5"}, filled);
    world.apply();
    Watched stack(world, program);
    CHECK(stack.look() == "in_sync");
    world.offerOnly("lab5", {"1.0.0", "2.0.0"});
    world.apply();  // elsewhere, in a clone without a lock file: the state has a newer schema now
    CHECK(stack.look() == "in_sync");
    world.set("lab_old/full", "content", "\"two\"");
    CHECK(stack.look() == "drifted");
}
OVER_ALL_PROGRAMS(takesNewer, "a newer provider that somebody applied with elsewhere is taken")

}  // namespace

}  // namespace provider_test
