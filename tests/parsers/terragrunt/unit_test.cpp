#include "parsers/terragrunt/unit.hpp"

#include <doctest/doctest.h>

using namespace driftkeeper::terragrunt;

namespace unit_test {
namespace {

struct Files {
    std::map<std::string, std::string> texts;

    [[nodiscard]] Unit unit(const std::string& folder) const {
        const Tree tree = {[this](const std::string& path) -> std::optional<std::string> {
                               const auto found = texts.find(path);
                               return found == texts.end() ? std::nullopt
                                                           : std::optional(found->second);
                           },
                           [](const std::string&) { return false; }};
        return readUnit(folder, tree);
    }
};

const Files files = {{
    {"live/root.hcl", R"(
locals {
  region = read_terragrunt_config(find_in_parent_folders("region.hcl"))
}
remote_state {
  backend = "s3"
  config = {
    bucket = "states"
    key    = "${path_relative_to_include()}/terraform.tfstate"
    region = local.region.locals.name
  }
}
)"},
    {"live/eu/region.hcl", "locals {\n name = yamldecode(file(\"region.yaml\"))\n}\n"},
    {"live/_env/app.hcl", R"(
terraform {
  source = "${get_repo_root()}/modules//app"
}
dependency "db" {
  config_path = "../db"
}
inputs = {
  name = "app"
  db   = dependency.db.outputs.address
}
)"},
    {"live/eu/db/terragrunt.hcl",
     "include \"root\" {\n path = find_in_parent_folders(\"root.hcl\")\n}\n"},
    {"live/eu/vpc/terragrunt.hcl",
     "terraform {\n source = \"git::https://example.com/vpc.git\"\n}\n"},
    {"live/eu/app/terragrunt.hcl", R"(
include "root" {
  path = find_in_parent_folders("root.hcl")
}
include "env" {
  path = "${dirname(find_in_parent_folders("root.hcl"))}/_env/app.hcl"
}
dependency "vpc" {
  config_path  = "../vpc"
  mock_outputs = { vpc_id = "vpc-0" }
  mock_outputs_allowed_terraform_commands = ["validate", "plan"]
  mock_outputs_merge_strategy_with_state  = "shallow"
}
inputs = {
  name   = "shop"
  vpc_id = dependency.vpc.outputs.vpc_id
}
)"},
}};

}  // namespace

TEST_CASE("a unit is read with its includes and the files that they read") {
    const auto unit = files.unit("live/eu/app");
    CHECK(unit.includes == std::vector<std::string>{"live/root.hcl", "live/_env/app.hcl"});
    CHECK(unit.files == std::set<std::string>{"live/_env/app.hcl", "live/eu/app/region.yaml",
                                              "live/eu/app/terragrunt.hcl", "live/eu/region.hcl",
                                              "live/eu/region.yaml", "live/root.hcl"});
    CHECK(unit.hasSource);
    CHECK(unit.sourceFolder == "modules/app");
    CHECK(unit.sourceRoot == "modules");
    CHECK(unit.backend == "s3");
    CHECK(unit.backendSettings == std::map<std::string, std::string>{
                                      {"bucket", "states"}, {"key", "eu/app/terraform.tfstate"}});
    CHECK_FALSE(unit.isBroken);
}

TEST_CASE("the unit's own words come before those of its includes") {
    const auto unit = files.unit("live/eu/app");
    CHECK(unit.inputs.at("name").empty());
    CHECK(unit.inputs.at("vpc_id") == std::vector<std::string>{"dependency.vpc.outputs.vpc_id"});
    CHECK(unit.inputs.at("db") == std::vector<std::string>{"dependency.db.outputs.address"});
}

TEST_CASE("dependencies are other units, and their mock outputs are noted") {
    const auto unit = files.unit("live/eu/app");
    REQUIRE(unit.dependencies.size() == 2);
    CHECK(unit.dependencies[0].folder == "live/eu/vpc");
    CHECK(unit.dependencies[0].hasMocks);
    CHECK(unit.dependencies[0].mayMixIn);
    CHECK(unit.dependencies[1].folder == "live/eu/db");
    CHECK_FALSE(unit.dependencies[1].hasMocks);
}

TEST_CASE("when mock outputs can stand in at a plan") {
    struct Row {
        const char* what;
        bool hasMocks;
        bool mayMixIn;
    };
    for (const Row& row :
         {Row{"", false, false}, Row{"mock_outputs = {}", true, false},
          Row{"mock_outputs = {}\n mock_outputs_allowed_terraform_commands = [\"validate\"]", false,
              false},
          Row{"mock_outputs = {}\n mock_outputs_allowed_terraform_commands = [\"validate\"]\n "
              "mock_outputs_merge_with_state = true",
              false, false},
          Row{"mock_outputs = {}\n mock_outputs_merge_with_state = true", true, true},
          Row{"mock_outputs = {}\n mock_outputs_merge_strategy_with_state = \"no_merge\"", true,
              false},
          Row{"mock_outputs = {}\n mock_outputs_merge_strategy_with_state = \"deep_map_only\"",
              true, true}}) {
        CAPTURE(row.what);
        const Files one = {{{"a/terragrunt.hcl", "dependency \"x\" {\n config_path = \"../x\"\n " +
                                                     std::string(row.what) + "\n}\n"}}};
        const auto unit = one.unit("a");
        REQUIRE(unit.dependencies.size() == 1);
        CHECK(unit.dependencies[0].hasMocks == row.hasMocks);
        CHECK(unit.dependencies[0].mayMixIn == row.mayMixIn);
    }
}

TEST_CASE("a module elsewhere has no folder in the tree, and a disabled dependency is none") {
    CHECK(files.unit("live/eu/vpc").hasSource);
    CHECK(files.unit("live/eu/vpc").sourceFolder.empty());
    const Files one = {{{"a/terragrunt.hcl",
                         "dependency \"x\" {\n config_path = \"../x\"\n enabled = false\n}\n"}}};
    CHECK(one.unit("a").dependencies.empty());
}

TEST_CASE("files that include each other end, and broken ones are told") {
    const Files circle = {{{"a/terragrunt.hcl", "include {\n path = \"../b.hcl\"\n}\n"},
                           {"b.hcl", "include {\n path = \"../b.hcl\"\n}\nterraform {\n"}}};
    const auto unit = circle.unit("a");
    CHECK(unit.files.size() == 2);
    CHECK(unit.isBroken);
}

TEST_CASE(
    "files of values are the unit's, wherever arguments name them and whether they are there") {
    const Files named = {{{"live/root.hcl", R"(
terraform {
  extra_arguments "common" {
    commands           = get_terraform_commands_that_need_vars()
    required_var_files = ["${get_parent_terragrunt_dir()}/common/all.tfvars"]
    optional_var_files = ["${get_terragrunt_dir()}/../env.tfvars", "own.tfvars"]
    arguments          = ["-lock=false", "-var-file=../../more.tfvars"]
  }
}
)"},
                          {"live/prod/app/terragrunt.hcl", R"(
include "root" {
  path = find_in_parent_folders("root.hcl")
}
inputs = jsondecode(read_tfvars_file("${get_repo_root()}/live/inputs.tfvars"))
)"}}};
    CHECK(named.unit("live/prod/app").files ==
          std::set<std::string>{"live/common/all.tfvars", "live/inputs.tfvars", "live/more.tfvars",
                                "live/prod/app/own.tfvars", "live/prod/app/terragrunt.hcl",
                                "live/prod/env.tfvars", "live/root.hcl"});
}

TEST_CASE("a state's path on the host is told from one in the tree") {
    const Files one = {
        {{"a/terragrunt.hcl",
          "remote_state {\n backend = \"local\"\n config = {\n path = \"/var/s.tfstate\"\n "
          "workspace_dir = \"${get_repo_root()}/states\"\n }\n}\n"}}};
    CHECK(one.unit("a").backendSettings ==
          std::map<std::string, std::string>{{"path", "/var/s.tfstate"},
                                             {"workspace_dir", "${tree}//states"}});
}

}  // namespace unit_test
