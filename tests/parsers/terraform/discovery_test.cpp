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
    CHECK(paths(stacks) == Texts{"modules/alone", "prod/app", "prod/net", "tofu"});
    CHECK(stacks[3].provider == "opentofu");
    CHECK(stacks[2].provider == "terraform");
}

TEST_CASE("a closure holds local modules of modules and the files that they read outside") {
    const auto stacks = discoverStacks(tree);
    CHECK(stacks[2].closure == Texts{"modules/files/t", "modules/vpc", "modules/vpc/inner", "prod/keys/a", "prod/net"});
    CHECK(stacks[1].closure == Texts{"prod/app"});
    CHECK(closureOf("modules/vpc", tree) == Texts{"modules/files/t", "modules/vpc", "modules/vpc/inner"});
    CHECK(closureOf("./modules/vpc/", tree) == closureOf("modules/vpc", tree));
    CHECK(closureOf("nowhere", tree) == Texts{"nowhere"});
}

TEST_CASE("the root can be a stack, and modules that call each other end") {
    CHECK(paths(discoverStacks({{"main.tf", call("./a")}, {"a/main.tf", call("../b")}, {"b/main.tf", call("../a")}})) ==
          Texts{"."});
    CHECK(closureOf("a", {{"a/main.tf", call("../b")}, {"b/main.tf", call("../a")}}) == Texts{"a", "b"});
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
         {Row{"only .tf", {{"a/b/x.tf", ""}}, "terraform"}, Row{"only .tofu", {{"a/b/x.tofu", ""}}, "opentofu"},
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
          Row{"Terraform cannot read .tofu", {{"a/b/x.tofu", ""}, {"a/b/.terraform-version", ""}}, "opentofu"}}) {
        CAPTURE(row.what);
        const auto stacks = discoverStacks(row.files);
        REQUIRE(stacks.size() == 1);
        CHECK(stacks[0].provider == row.provider);
    }
}

TEST_CASE("a version file above the folder belongs to the closure") {
    CHECK(closureOf("a/b", {{"a/b/x.tf", ""}, {"a/.terraform-version", "1.5.7"}}) ==
          Texts{"a/.terraform-version", "a/b"});
    CHECK(closureOf("a/b", {{"a/b/x.tf", ""}, {"a/b/.terraform-version", "1.5.7"}}) == Texts{"a/b"});
}

TEST_CASE("a stack's modules are read in the language of the stack") {
    const std::vector<SourceFile> files = {
        {"t/x.tf", call("../m")}, {"o/x.tofu", call("../m")}, {"m/x.tf", call("./old")}, {"m/x.tofu", call("./new")}};
    CHECK(closureOf("t", files) == Texts{"m", "m/old", "t"});
    CHECK(closureOf("o", files) == Texts{"m", "m/new", "o"});
}

TEST_CASE("what terragrunt has downloaded is no stack") {
    CHECK(discoverStacks({{"a/.terragrunt-cache/h/h/main.tf", ""}}).empty());
}

}  // namespace discovery_test
