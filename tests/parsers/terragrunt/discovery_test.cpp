#include "parsers/terragrunt/discovery.hpp"

#include <doctest/doctest.h>

using namespace driftkeeper;
using namespace driftkeeper::terragrunt;
using Texts = std::vector<std::string>;

namespace discovery_test {
namespace {

const std::string includesRoot =
    "include \"root\" {\n path = find_in_parent_folders(\"root.hcl\")\n}\n";

std::string plans(const std::string& source) {
    return "terraform {\n source = \"" + source + "\"\n}\n";
}

const std::vector<SourceFile> tree = {
    {"root.hcl", "remote_state {\n backend = \"s3\"\n}\n"},
    {"live/prod/vpc/terragrunt.hcl", includesRoot + plans("../../../modules//vpc")},
    {"live/prod/app/terragrunt.hcl", includesRoot + plans("${get_repo_root()}/modules/app") +
                                         "dependency \"vpc\" {\n config_path = \"../vpc\"\n}\n"},
    {"live/prod/app/.terragrunt-cache/h/h/terragrunt.hcl", plans("x")},
    {"modules/vpc/main.tf", "module \"l\" {\n source = \"../../lib\"\n}\n"},
    {"modules/app/main.tf", ""},
    {"lib/main.tf", ""},
    {"plain/main.tf", ""},
    {"packer.pkr.hcl", "source \"x\" \"y\" {}\n"},
};

Texts found(const std::vector<SourceFile>& files) {
    Texts out;
    for (const auto& stack : discoverStacks(files))
        out.push_back(stack.path + " " + stack.provider +
                      (stack.leftOut.empty() ? "" : " " + stack.leftOut));
    return out;
}

}  // namespace

TEST_CASE(
    "units are stacks, the modules that they plan are none, and plain folders stay what they are") {
    CHECK(found(tree) ==
          Texts{"live/prod/app terragrunt", "live/prod/vpc terragrunt", "plain terraform"});
}

TEST_CASE(
    "the closure of a unit holds includes, its module's root and modules, and its dependencies") {
    const auto stacks = discoverStacks(tree);
    CHECK(stacks[1].closure == Texts{"lib", "live/prod/vpc", "modules", "modules/vpc", "root.hcl"});
    CHECK(stacks[0].closure == Texts{"lib", "live/prod/app", "live/prod/vpc", "modules",
                                     "modules/app", "modules/vpc", "root.hcl"});
    CHECK(closureOf("live/prod/app", tree) == stacks[0].closure);
}

TEST_CASE("a terragrunt.hcl that plans nothing is no unit, and is listed") {
    const std::string include = "include {\n path = find_in_parent_folders()\n}\n";
    CHECK(found({{"terragrunt.hcl", "inputs = {}\n"},
                 {"a/terragrunt.hcl", include},
                 {"b/terragrunt.hcl", "inputs = {}\n"},
                 {"c/terragrunt.hcl", ""},
                 {"c/main.tf", ""}}) == Texts{". terragrunt included", "a terragrunt",
                                              "b terragrunt nothing_to_plan", "c terragrunt"});
    CHECK(found({{"terragrunt.hcl", plans("./x")}, {"a/terragrunt.hcl", include}}) ==
          Texts{". terragrunt", "a terragrunt"});
}

TEST_CASE("an include makes a unit, also when its path cannot be known") {
    CHECK(
        found({{"a/terragrunt.hcl", "include {\n path = format(\"%s/x\", get_env(\"ROOT\"))\n}\n"},
               {"b/terragrunt.hcl",
                "include \"x\" {\n path = find_in_parent_folders(\"gone.hcl\")\n}\n"}}) ==
        Texts{"a terragrunt", "b terragrunt"});
}

TEST_CASE("a unit may be written as JSON") {
    const std::vector<SourceFile> files = {
        {"live/app/terragrunt.hcl.json",
         R"({"terraform": {"source": "../../modules//app"}, "include": {"path": "${find_in_parent_folders(\"root.hcl\")}"},
             "dependency": {"net": {"config_path": "../net"}}})"},
        {"live/net/terragrunt.hcl.json",
         R"({"terraform": {"source": "tfr:///x"}, "include": {"root": {"path": "no"}}})"},
        {"root.hcl", ""},
        {"modules/app/main.tf", ""}};
    CHECK(found(files) == Texts{"live/app terragrunt", "live/net terragrunt"});
    CHECK(closureOf("live/app", files) ==
          Texts{"live/app", "live/net", "modules", "modules/app", "root.hcl"});
}

TEST_CASE("the modules that a conditional source may mean are no stacks") {
    CHECK(found({{"live/app/terragrunt.hcl",
                  "terraform {\n source = get_env(\"P\", \"\") == \"1\" ? "
                  "\"git::https://example.com/i.git//modules/app\" : "
                  "\"../../modules//app\"\n}\n"},
                 {"live/db/terragrunt.hcl",
                  "terraform {\n source = local.x ? \"${get_repo_root()}/modules/db\" : "
                  "\"${local.y}/z\"\n}\n"},
                 {"modules/app/main.tf", ""},
                 {"modules/db/main.tf", ""}}) ==
          Texts{"live/app terragrunt", "live/db terragrunt"});
}

TEST_CASE("a file of a stack that is not expanded is named") {
    const auto stacks = discoverStacks({{"prod/terragrunt.stack.hcl", "unit \"db\" {}\n"}});
    REQUIRE(stacks.size() == 1);
    CHECK(stacks[0].name == "prod/terragrunt.stack.hcl");
    CHECK(stacks[0].leftOut == "not_expanded");
}

TEST_CASE("what a stack's file generates are units, made of what it copies") {
    const auto unit = [](const std::string& name, const std::string& source,
                         const std::string& rest) {
        return "unit \"" + name + "\" {\n source = \"" + source + "\"\n path = " + rest + "\n}\n";
    };
    const std::vector<SourceFile> files = {
        {"root.hcl", ""},
        {"catalog/app/terragrunt.hcl", includesRoot + plans("${get_repo_root()}/modules/app")},
        {"catalog/pair/terragrunt.stack.hcl",
         unit("one", "${get_repo_root()}/catalog/app", "values.first") +
             unit("two", "git::https://example.com/c.git//app", "\"two\"")},
        {"prod/terragrunt.stack.hcl",
         "locals {\n place = \"web\"\n}\n" + unit("web", "../catalog/app", "local.place") +
             unit("beside", "../catalog/app", "\"near\"\n no_dot_terragrunt_stack = true") +
             "stack \"pair\" {\n source = \"../catalog/pair\"\n path = \"pair\"\n values = {\n "
             "first = \"a\"\n }\n}\n"},
        {"prod/.terragrunt-stack/old/terragrunt.hcl", plans("x")},
        {"modules/app/main.tf", ""}};
    CHECK(found(files) == Texts{"catalog/app terragrunt copied_by_stack",
                                "catalog/pair/.terragrunt-stack/two terragrunt copied_by_stack",
                                "prod/.terragrunt-stack/pair/.terragrunt-stack/a terragrunt",
                                "prod/.terragrunt-stack/pair/.terragrunt-stack/two terragrunt",
                                "prod/.terragrunt-stack/web terragrunt", "prod/near terragrunt"});
    const auto stacks = discoverStacks(files);
    CHECK(stacks[4].closure ==
          Texts{"catalog/app", "modules/app", "prod/terragrunt.stack.hcl", "root.hcl"});
    CHECK(closureOf("prod/.terragrunt-stack/web", files) == stacks[4].closure);
    CHECK(stacks[3].closure == Texts{"catalog/pair", "prod/terragrunt.stack.hcl"});
}

TEST_CASE("the files that are read") {
    for (const auto* name : {"a/terragrunt.hcl", "root.hcl", "region.hcl"})
        CHECK(isSourceFile(name));
    for (const auto* name : {".terraform.lock.hcl", "a/.terraform.lock.hcl", "main.tf", "hcl"})
        CHECK_FALSE(isSourceFile(name));
}

}  // namespace discovery_test
