#include <doctest/doctest.h>

#include <algorithm>

#include "parsers/terraform/configuration.hpp"

using namespace driftkeeper::terraform;
using Texts = std::vector<std::string>;

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
    CHECK(stacks[3].openTofu);
    CHECK_FALSE(stacks[2].openTofu);
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
