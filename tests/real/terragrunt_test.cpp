// The real Terragrunt, running the real OpenTofu.
#include <doctest/doctest.h>

#include "tests/real/real_world.hpp"

using namespace driftkeeper::tests;

namespace terragrunt_test {
namespace {

const bool cannotRun = isMissing("terragrunt") || isMissing("tofu");

// root.hcl keeps states outside of the tree; modules/app makes a box named var.name.
class UnitWorld : public RealWorld {
public:
    UnitWorld() {
        write("root.hcl",
              "remote_state {\n backend = \"local\"\n disable_dependency_optimization = true\n "
              "generate = {\n  path = \"backend.tf\"\n  if_exists = \"overwrite_terragrunt\"\n }\n "
              "config = { path = \"" +
                  state("${path_relative_to_include()}/t") + "\" }\n}\n");
        write("modules/app/main.tf",
              box() +
                  "variable \"name\" {}\nvariable \"content\" {\n default = "
                  "\"one\"\n}\nresource \"box_item\" \"a\" {\n name = var.name\n content = "
                  "var.content\n}\noutput \"content\" {\n value = box_item.a.content\n}\n");
    }

    void unit(const std::string& folder, const std::string& name, const std::string& inputs = "",
              const std::string& inTerraform = "", const std::string& more = "") const {
        write(folder + "/terragrunt.hcl",
              "include \"root\" {\n path = find_in_parent_folders(\"root.hcl\")\n}\nterraform {\n "
              "source = \"${get_repo_root()}/modules//app\"\n" +
                  inTerraform + "}\ninputs = { name = \"" + name + "\"" + inputs + " }\n" + more);
    }

    void applyAll() {
        commit();
        must({"terragrunt", "run", "--all", "--", "apply", "-auto-approve", "-input=false"});
        must({"git", "clean", "-fdxq"});
        commit();
    }
};

}  // namespace

TEST_CASE("a unit is in sync, and a change by hand is reported, whatever else prints" *
          doctest::skip(cannotRun)) {
    UnitWorld world;
    world.unit("prod/net", "net");
    world.unit("prod/app", "app", ", content = trimspace(local.who)",
               " before_hook \"say\" {\n  commands = [\"plan\", \"show\"]\n  execute = [\"echo\", "
               "\"{hook}\"]\n }\n",
               "locals {\n who = run_cmd(\"echo\", \"hello\")\n}\ndependency \"net\" {\n "
               "config_path = \"../net\"\n mock_outputs = { content = \"mock\" }\n "
               "mock_outputs_merge_strategy_with_state = \"shallow\"\n}\n"
               "dependencies {\n paths = [\"../net\"]\n}\n");
    world.applyAll();
    TempDir cache;
    CHECK(said(world.check("prod/app", {{"XDG_CACHE_HOME", cache.path().string()},
                                        {"TG_PROVIDER_CACHE", "1"},
                                        {"TG_LOG_FORMAT", "bare"}})) == "prod/app in_sync");
    world.cloud().edit("app", "hello", "changed");
    CHECK(said(world.check("prod/app")) == "prod/app drifted box_item.a live out_of_band");
    CHECK(said(world.check("prod/net")) == "prod/net in_sync");
}

TEST_CASE("a plan that arguments keep from looking is not in sync" * doctest::skip(cannotRun)) {
    struct Row {
        const char* arguments;
        const char* said;
    };
    for (const Row& row : {Row{"\"-refresh=false\"", "app inconclusive plan_narrowed"},
                           Row{"\"-target=box_item.b\"", "app inconclusive plan_narrowed"},
                           Row{"\"-exclude=box_item.a\"", "app inconclusive plan_narrowed"},
                           Row{"\"-parallelism=3\"", "app drifted box_item.a live out_of_band"}}) {
        CAPTURE(row.arguments);
        UnitWorld world;
        world.unit("app", "app");
        world.applyAll();
        world.cloud().edit("app", "one", "changed");
        world.unit("app", "app", "",
                   " extra_arguments \"x\" {\n  commands = [\"plan\"]\n  arguments = [" +
                       std::string(row.arguments) + "]\n }\n");
        world.commit();
        CHECK(said(world.check("app")) == row.said);
    }
}

TEST_CASE("a state that lies where terragrunt works is the tree's own" * doctest::skip(cannotRun)) {
    UnitWorld world;
    world.write("plain/terragrunt.hcl",
                "terraform {\n source = \"../modules//app\"\n}\ninputs = { name = \"plain\" }\n");
    world.write(".gitignore", ".terragrunt-cache/\n.terraform/\n*.tfstate*\n");
    world.commit();
    world.must({"terragrunt", "run", "--", "apply", "-auto-approve", "-input=false"}, "plain");
    CHECK(said(world.check("plain")) == "plain in_sync");
    world.cloud().edit("plain", "one", "changed");
    CHECK(said(world.check("plain")) == "plain drifted box_item.a live out_of_band");
}

TEST_CASE("an error of terragrunt's own says what is wrong, and no value" *
          doctest::skip(cannotRun)) {
    struct Row {
        const char* inputs;
        const char* more;
        const char* code;
    };
    for (const Row& row : {
             Row{", content = local.nowhere, db_password = \"CANARY-word\"", "",
                 "broken_configuration"},
             Row{", content = nowhere(), db_password = \"CANARY-word\"", "",
                 "broken_configuration"},
             Row{"", "nowhere {}\n", "broken_configuration"},
             Row{"", "locals {\n x = read_terragrunt_config(\"nowhere.hcl\")\n}\n",
                 "broken_configuration"},
             Row{"", "locals {\n x = file(\"nowhere.txt\")\n}\n", "broken_configuration"},
             Row{", content = dependency.net.outputs.content",
                 "dependency \"net\" {\n config_path = \"../net\"\n}\n", "dependency_unapplied"},
             Row{"", "terraform_version_constraint = \">= 99\"\n", "tool_too_old"},
         }) {
        CAPTURE(row.inputs);
        CAPTURE(row.more);
        UnitWorld world;
        world.unit("prod/net", "net");
        world.unit("prod/app", "app", row.inputs, "", row.more);
        world.commit();
        const auto checked = world.check("prod/app");
        CHECK(said(checked) == "prod/app inconclusive " + std::string(row.code));
        CHECK_FALSE((checked.out + checked.err).contains("CANARY"));
        CHECK_FALSE(checked.out.contains("driftkeeper-"));
    }
}

TEST_CASE("what a stack's file generates is looked at unit by unit" * doctest::skip(cannotRun)) {
    UnitWorld world;
    world.write(
        "catalog/app/terragrunt.hcl",
        "include \"root\" {\n path = find_in_parent_folders(\"root.hcl\")\n}\nterraform {\n "
        "source = \"" +
            world.git().path().string() + "/modules//app\"\n}\ninputs = { name = values.name }\n");
    std::string stack;
    for (const std::string name : {"one", "two"})
        stack += "unit \"" + name +
                 "\" {\n source = \"${get_repo_root()}/catalog/app\"\n path = \"" + name +
                 "\"\n values = { name = \"" + name + "\" }\n}\n";
    world.write("prod/web/terragrunt.stack.hcl", stack);
    world.commit();
    world.must({"terragrunt", "stack", "run", "apply", "--", "-auto-approve"}, "prod/web");
    world.must({"git", "clean", "-fdxq"});
    world.cloud().edit("two", "one", "changed");
    CHECK(said(world.check("prod/web")) ==
          "prod/web/.terragrunt-stack/one in_sync; prod/web/.terragrunt-stack/two drifted "
          "box_item.a live out_of_band");
}

}  // namespace terragrunt_test
