#include <doctest/doctest.h>

#include <algorithm>

#include "parsers/terraform/configuration.hpp"

using namespace driftkeeper;
using namespace driftkeeper::terraform;
using Texts = std::vector<std::string>;

namespace discovery_test {
namespace {

std::string call(const std::string& source) {
    return "module \"m\" {\n source = \"" + source + "\"\n}\n";
}

const std::vector<SourceFile> tree = {
    {"prod/net/main.tf", call("../../modules/vpc") + "locals {\n k = file(\"../keys/a\")\n}\n"},
    {"prod/app/main.tf", call("git::https://example.com/x.git")},
    {"modules/vpc/main.tf", call("./inner")},
    {"modules/vpc/inner/main.tf", "locals {\n t = file(\"${path.module}/../../files/t\")\n}\n"},
    {"modules/alone/main.tf", ""},
    {"tofu/main.tofu", ""},
    {"prod/net/.terraform/modules/x/main.tf", ""},
    {"README.md", "module"},
};

Texts paths(const std::vector<DiscoveredStack>& stacks) {
    Texts out;
    for (const auto& stack : stacks) out.push_back(stack.path);
    return out;
}

}  // namespace

TEST_CASE("a folder that no local module call names is a stack") {
    const auto stacks = discoverStacks(tree);
    CHECK(stacks[0].leftOut == "module");
    CHECK(paths(stacks) == Texts{"modules/alone", "prod/app", "prod/net", "tofu"});
    CHECK(stacks[3].provider == "opentofu");
    CHECK(stacks[2].provider == "terraform");
}

TEST_CASE("a closure holds local modules of modules and the files that they read outside") {
    const auto stacks = discoverStacks(tree);
    CHECK(stacks[2].closure ==
          Texts{"modules/files/t", "modules/vpc", "modules/vpc/inner", "prod/keys/a", "prod/net"});
    CHECK(stacks[1].closure == Texts{"prod/app"});
    CHECK(closureOf("modules/vpc", tree) ==
          Texts{"modules/files/t", "modules/vpc", "modules/vpc/inner"});
    CHECK(closureOf("./modules/vpc/", tree) == closureOf("modules/vpc", tree));
    CHECK(closureOf("nowhere", tree) == Texts{"nowhere"});
}

TEST_CASE("a file that a module reads from the root lies where the stack is") {
    const std::vector<SourceFile> files = {
        {"roots/app/main.tf",
         call("../../modules/m") + "locals {\n a = file(\"${path.root}/../own.txt\")\n}\n"},
        {"modules/m/main.tf",
         "locals {\n t = file(\"${path.root}/../shared/x.txt\")\n u = "
         "file(\"${path.root}/in.txt\")\n}\n"}};
    CHECK(closureOf("roots/app", files) ==
          Texts{"modules/m", "roots/app", "roots/own.txt", "roots/shared/x.txt"});
}

TEST_CASE("paths that functions put together belong to the closure") {
    const auto closure = [](const std::string& expression) {
        return closureOf("a/b", {{"a/b/main.tf", "locals {\n t = file(" + expression + ")\n}\n"}});
    };
    CHECK(closure("format(\"%s/../../files/t\", path.module)") == Texts{"a/b", "files/t"});
    CHECK(closure("format(\"%s/../t\", path.root)") == Texts{"a/b", "a/t"});
    CHECK(closure("join(\"/\", [path.module, \"..\", \"files\", \"t\"])") ==
          Texts{"a", "a/b", "a/files/t"});
}

TEST_CASE("the root can be a stack, and modules that call each other end") {
    CHECK(paths(discoverStacks({{"main.tf", call("./a")},
                                {"a/main.tf", call("../b")},
                                {"b/main.tf", call("../a")}})) == Texts{"."});
    CHECK(closureOf("a", {{"a/main.tf", call("../b")}, {"b/main.tf", call("../a")}}) ==
          Texts{"a", "b"});
    CHECK(paths(discoverStacks({{"a/main.tf", call("./")}})) == Texts{"a"});
}

TEST_CASE("a module source outside the repository is no folder of it") {
    CHECK(discoverStacks({{"a/main.tf", call("../../x")}})[0].closure == Texts{"a"});
}

TEST_CASE("a folder is OpenTofu's by its files or by the nearest version file") {
    struct Row {
        const char* what;
        std::vector<SourceFile> files;
        const char* provider;
    };
    for (const Row& row :
         {Row{"only .tf", {{"a/b/x.tf", ""}}, "terraform"},
          Row{"only .tofu", {{"a/b/x.tofu", ""}}, "opentofu"},
          Row{"both kinds", {{"a/b/x.tf", ""}, {"a/b/x.tofu", ""}}, "opentofu"},
          Row{"both kinds, terraform's file",
              {{"a/b/x.tf", ""}, {"a/b/x.tofu", ""}, {".terraform-version", "1"}},
              "terraform"},
          Row{"a file above", {{"a/b/x.tf", ""}, {"a/.opentofu-version", "1.9.0"}}, "opentofu"},
          Row{"the nearest file",
              {{"a/b/x.tf", ""}, {"a/b/.terraform-version", ""}, {"a/.opentofu-version", ""}},
              "terraform"},
          Row{"two files in one folder",
              {{"a/b/x.tf", ""}, {"a/.terraform-version", ""}, {"a/.opentofu-version", ""}},
              "terraform"},
          Row{"a list of tools",
              {{"a/b/x.tf", ""}, {".tool-versions", "nodejs 20\nopentofu 1.12.6 # ours\n"}},
              "opentofu"},
          Row{"a nearer list of tools",
              {{"a/b/x.tf", ""},
               {"a/.tool-versions", "terraform 1.11.4\r\n"},
               {".opentofu-version", ""}},
              "terraform"},
          Row{"a list of other tools",
              {{"a/b/x.tf", ""}, {"a/.tool-versions", "terragrunt 1\n"}, {".opentofu-version", ""}},
              "opentofu"},
          Row{"a list of both",
              {{"a/b/x.tf", ""}, {".tool-versions", "terraform 1\nopentofu 1\n"}},
              "terraform"},
          Row{"Terraform cannot read .tofu",
              {{"a/b/x.tofu", ""}, {"a/b/.terraform-version", ""}},
              "opentofu"}}) {
        CAPTURE(row.what);
        const auto stacks = discoverStacks(row.files);
        REQUIRE(stacks.size() == 1);
        CHECK(stacks[0].provider == row.provider);
    }
}

TEST_CASE("a version file above the folder belongs to the closure") {
    CHECK(closureOf("a/b", {{"a/b/x.tf", ""}, {"a/.terraform-version", "1.5.7"}}) ==
          Texts{"a/.terraform-version", "a/b"});
    CHECK(closureOf("a/b", {{"a/b/x.tf", ""}, {"a/b/.terraform-version", "1.5.7"}}) ==
          Texts{"a/b"});
}

TEST_CASE("a stack's modules are read in the language of the stack") {
    const std::vector<SourceFile> files = {{"t/x.tf", call("../m")},
                                           {"o/x.tofu", call("../m")},
                                           {"m/x.tf", call("./old")},
                                           {"m/x.tofu", call("./new")}};
    CHECK(closureOf("t", files) == Texts{"m", "m/old", "t"});
    CHECK(closureOf("o", files) == Texts{"m", "m/new", "o"});
}

TEST_CASE("what terragrunt has downloaded is no stack") {
    CHECK(discoverStacks({{"a/.terragrunt-cache/h/h/main.tf", ""}}).empty());
}

namespace {

Texts found(const std::vector<SourceFile>& files) {
    Texts out;
    for (const auto& stack : discoverStacks(files))
        out.push_back(stack.path + (stack.leftOut.empty() ? "" : " " + stack.leftOut));
    return out;
}

const std::string backend = "terraform {\n backend \"s3\" {}\n}\n";

}  // namespace

TEST_CASE("a folder with a backend, a cloud block or a state is a root, whoever calls it") {
    CHECK(found({{"prod/main.tf", backend}, {"tests/prod/main.tf", call("../../prod")}}) ==
          Texts{"prod", "tests/prod example"});
    CHECK(found({{"main.tf", "terraform {\n cloud {}\n}\n"},
                 {"examples/basic/main.tf", call("../..")}}) ==
          Texts{".", "examples/basic example"});
    CHECK(found({{"a/main.tf.json", R"({"terraform": {"backend": {"gcs": {}}}})"},
                 {"b/main.tf", call("../a")}}) == Texts{"a", "b"});
    CHECK(found({{"a/main.tf", ""}, {"a/terraform.tfstate", ""}, {"b/main.tf", call("../a")}}) ==
          Texts{"a", "b"});
    CHECK(found({{"a/main.tf", ""},
                 {"a/terraform.tfstate.d/prod/terraform.tfstate", ""},
                 {"b/main.tf", call("../a")}}) == Texts{"a", "b"});
    CHECK(found({{"a/main.tf", ""}, {"b/main.tf", call("../a")}}) == Texts{"b"});
}

TEST_CASE("a module that nobody calls by a path is left out") {
    const std::string variable = "variable \"name\" {\n type = string\n}\n";
    CHECK(found({{"vpc/main.tf", variable}}) == Texts{"vpc module"});
    CHECK(found({{"vpc/main.tf", variable + backend}}) == Texts{"vpc"});
    CHECK(found({{"vpc/main.tf", "variable \"name\" {\n default = null\n}\n"}}) == Texts{"vpc"});
    CHECK(found({{"vpc/main.tf", variable}, {"vpc/terraform.tfvars", "name = \"x\"\n"}}) ==
          Texts{"vpc"});
    CHECK(found({{"vpc/main.tf", variable}, {"vpc/a.auto.tfvars.json", R"({"name": "x"})"}}) ==
          Texts{"vpc"});
    CHECK(found({{"vpc/main.tf", variable}, {"vpc/prod.tfvars", "name = \"x\"\n"}}) ==
          Texts{"vpc module"});
    CHECK(found({{"vpc/main.tf", variable},
                 {"vpc/a_override.tf", "variable \"name\" {\n default = 1\n}\n"}}) == Texts{"vpc"});
    CHECK(found({{"vpc/variables.tf.json", R"({"variable": {"name": {}}})"}}) ==
          Texts{"vpc module"});
}

TEST_CASE(
    "settings that nothing would be planned of are left out, with a backend they are a root") {
    const std::string settings =
        "terraform {\n required_version = \">= 1.5\"\n}\nprovider \"box\" {\n}\n";
    CHECK(found({{"a/versions.tf", settings}}) == Texts{"a nothing"});
    CHECK(found({{"a/versions.tf", settings}, {"a/backend.tf", backend}}) == Texts{"a"});
    CHECK(found({{"a/versions.tf", settings}, {"a/main.tf", call("git::https://x/y")}}) ==
          Texts{"a"});
}

TEST_CASE("where a folder lies says that it is there to be used or tried") {
    CHECK(found({{"modules/app/main.tf", ""},
                 {"infra/modules/app/deep/main.tf", ""},
                 {"examples/simple/main.tf", ""},
                 {"a/fixtures/x/main.tf", ""},
                 {"test/unit/main.tf", ""},
                 {"envs/test/main.tf", ""},
                 {"modules/app/examples/x/main.tf", ""},
                 {"modules-of-ours/main.tf", ""},
                 {"_examples/x/main.tf", ""},
                 {"terraform-modules/x/main.tf", ""},
                 {"integration-tests/x/main.tf", ""},
                 {"modules/live/main.tf", backend}}) ==
          Texts{"_examples/x example", "a/fixtures/x example", "envs/test",
                "examples/simple example", "infra/modules/app/deep module",
                "integration-tests/x example", "modules-of-ours", "modules/app module",
                "modules/app/examples/x example", "modules/live", "terraform-modules/x module",
                "test/unit"});
}

TEST_CASE("what tests and stack files call is no stack") {
    const std::string run = "run \"setup\" {\n module {\n source = \"./tests/setup\"\n }\n}\n";
    CHECK(found({{"prod/main.tf", ""},
                 {"prod/tests/setup/main.tf", ""},
                 {"prod/tests/a.tftest.hcl", run}}) == Texts{"prod"});
    CHECK(found({{"prod/main.tf", ""},
                 {"prod/tests/setup/main.tf", ""},
                 {"prod/a.tofutest.hcl", run}}) == Texts{"prod"});
    CHECK(found({{"prod/main.tf", ""},
                 {"prod/helper/main.tf", ""},
                 {"prod/tests/a.tftest.json",
                  R"({"run": {"x": {"module": {"source": "./helper"}}}})"}}) == Texts{"prod"});
    CHECK(found({{"stack/a.tfcomponent.hcl", "component \"x\" {\n source = \"../net\"\n}\n"},
                 {"net/main.tf", ""}}) == Texts{"stack terraform_stack"});
    CHECK(found({{"stack/a.tfstack.hcl", "component \"x\" {\n source = \"./net\"\n}\n"},
                 {"stack/net/main.tf", ""}}) == Texts{"stack terraform_stack"});
}

TEST_CASE("modules behind a condition, and through a linked folder, are called") {
    CHECK(found({{"a/main.tf",
                  "module \"m\" {\n source = var.x ? \"../net\" : "
                  "\"git::https://example.com/net\"\n}\n"},
                 {"net/main.tf", ""}}) == Texts{"a"});
    const std::vector<SourceFile> linked = {{"a/main.tf", call("./lib/net")},
                                            {"a/lib", "", "shared"},
                                            {"shared", "", "really/shared"},
                                            {"really/shared/net/main.tf", ""}};
    CHECK(found(linked) == Texts{"a"});
    CHECK(discoverStacks(linked)[0].closure == Texts{"a", "really/shared/net"});
    CHECK(found({{"a/main.tf", call("./b/net")}, {"a/b", "", "a/c"}, {"a/c", "", "a/b"}}) ==
          Texts{"a"});
}

TEST_CASE("what only one program can read, its registry and its state say whose a folder is") {
    const std::string resource = "resource \"box_item\" \"a\" {\n";
    const std::string lock = "provider \"registry.opentofu.org/hashicorp/aws\" {\n}\n";
    const std::string own =
        "terraform {\n required_providers {\n box = { source = "
        "\"registry.opentofu.org/a/box\" }\n }\n}\n";
    struct Row {
        const char* what;
        std::vector<SourceFile> files;
        const char* provider;
    };
    const std::vector<Row> table = {
        {"nothing", {{"a/main.tf", resource + "}\n"}}, "terraform"},
        {"encryption", {{"a/main.tf", "terraform {\n encryption {\n }\n}\n"}}, "opentofu"},
        {"enabled",
         {{"a/main.tf", resource + "lifecycle {\n enabled = false\n }\n}\n"}},
         "opentofu"},
        {"destroy",
         {{"a/main.tf", resource + "lifecycle {\n destroy = false\n }\n}\n"}},
         "opentofu"},
        {"providers by for_each",
         {{"a/main.tf", "provider \"box\" {\n alias = \"b\"\n for_each = toset([])\n}\n"}},
         "opentofu"},
        {"a backend by a variable",
         {{"a/main.tf", "terraform {\n backend \"s3\" {\n key = \"${var.env}/t\"\n }\n}\n"}},
         "opentofu"},
        {"a backend by a literal",
         {{"a/main.tf", "terraform {\n backend \"s3\" {\n key = \"env/t\"\n }\n}\n"}},
         "terraform"},
        {"the same as JSON",
         {{"a/main.tf.json", R"({"terraform":{"backend":{"local":{"path":"${local.p}"}}}})"}},
         "opentofu"},
        {"a workspace by a variable",
         {{"a/main.tf", "terraform {\n cloud {\n workspaces {\n name = var.w\n }\n }\n}\n"}},
         "opentofu"},
        {"a module by a variable",
         {{"a/main.tf", "module \"m\" {\n source = \"./${var.m}\"\n}\n"}},
         "opentofu"},
        {"a module by a constant, which both can read",
         {{"a/main.tf",
           "variable \"m\" {\n const = true\n}\nmodule \"m\" {\n source = "
           "\"./${var.m}\"\n}\n"}},
         "terraform"},
        {"a module's syntax",
         {{"a/main.tf", call("./m")}, {"a/m/x.tf", "language {\n}\n"}},
         "opentofu"},
        {"a module's files", {{"a/main.tf", call("./m")}, {"a/m/x.tofu", ""}}, "opentofu"},
        {"a module's files for both",
         {{"a/main.tf", call("./m")}, {"a/m/x.tf", ""}, {"a/m/x.tofu", ""}},
         "terraform"},
        {"an encrypted state",
         {{"a/main.tf", resource + "}\n"},
          {"a/terraform.tfstate",
           R"({"serial":1,"encrypted_data":"x","encryption_version":"v0"})"}},
         "opentofu"},
        {"an action", {{"a/main.tf", "action \"box_do\" \"a\" {\n}\n"}}, "terraform"},
        {"the registry in the lock file",
         {{"a/main.tf", resource + "}\n"}, {"a/.terraform.lock.hcl", lock}},
         "opentofu"},
        {"a registry that the source names proves nothing",
         {{"a/main.tf", own}, {"a/.terraform.lock.hcl", lock}},
         "terraform"},
        {"the registry in the state",
         {{"a/main.tf", resource + "}\n"},
          {"a/terraform.tfstate", R"({"provider":"registry.opentofu.org/hashicorp/aws"})"}},
         "opentofu"},
        {"a version file says more than a lock file",
         {{"a/main.tf", resource + "}\n"},
          {"a/.terraform.lock.hcl", lock},
          {".terraform-version", "1.5.7\n"}},
         "terraform"},
    };
    for (const auto& row : table) {
        CAPTURE(row.what);
        const auto stacks = discoverStacks(row.files);
        REQUIRE(stacks.size() == 1);
        CHECK(stacks[0].provider == row.provider);
    }
}

TEST_CASE("a module whose source holds a variable is called, and belongs to the closure") {
    const auto stacksOf = [](const std::string& rest) {
        return discoverStacks({{"app/main.tf", rest},
                               {"blocks/web/main.tf", ""},
                               {"blocks/db/main.tf", call("../inner")},
                               {"blocks/inner/main.tf", ""},
                               {"other/main.tf", ""}});
    };
    const std::string local = "locals {\n base = \"../blocks\"\n all = \"../blocks/web\"\n}\n";
    // The folder that a literal names may be read as well.
    const Texts blocks{"app", "blocks", "blocks/db", "blocks/inner", "blocks/web"};
    for (const auto* source : {"../blocks/${var.b}", "${local.base}/${var.b}"}) {
        CAPTURE(source);
        const auto stacks = stacksOf(local + call(source));
        CHECK(paths(stacks) == Texts{"app", "other"});
        CHECK(stacks[0].closure == blocks);
    }
    const auto named = stacksOf(local + "module \"m\" {\n source = local.all\n}\n");
    CHECK(paths(named) == Texts{"app", "blocks/db", "other"});
    CHECK(named[0].closure == Texts{"app", "blocks", "blocks/web"});
}

}  // namespace discovery_test
