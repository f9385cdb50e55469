#include "providers/terraform/private_copy.hpp"

#include <doctest/doctest.h>

#include "tests/providers/process/scratch.hpp"

using namespace driftkeeper;
using namespace driftkeeper::terraform;
using tests::Scratch;

TEST_CASE("a private copy keeps who lies where, and leaves out what is not the stack's") {
    const Scratch scratch;
    scratch.write("tree/prod/net/main.tf", "stack");
    scratch.write("tree/prod/net/.terraform/x", "no");
    scratch.write("tree/prod/net/.git/x", "no");
    scratch.write("tree/prod/net/terraform.tfstate", "state");
    scratch.write("tree/modules/a/main.tf", "module");
    scratch.write("tree/other/main.tf", "no");
    std::filesystem::create_symlink("main.tf", scratch.path() / "tree/prod/net/link.tf");
    const auto tree = scratch.path() / "tree";
    const auto copied = copyTree(tree / "prod/net",
                                 {tree / "modules/a", tree / "prod/net/main.tf", tree / "missing"},
                                 scratch.path() / "copy");
    REQUIRE(copied);
    CHECK(*copied == scratch.path() / "copy/prod/net");
    CHECK(scratch.read("copy/prod/net/main.tf") == "stack");
    CHECK(scratch.read("copy/prod/net/link.tf") == "stack");
    CHECK(scratch.read("copy/prod/net/terraform.tfstate") == "state");
    CHECK(scratch.read("copy/modules/a/main.tf") == "module");
    CHECK_FALSE(std::filesystem::exists(*copied / ".terraform"));
    CHECK_FALSE(std::filesystem::exists(*copied / ".git"));
    CHECK_FALSE(std::filesystem::exists(scratch.path() / "copy/other"));
}

TEST_CASE("a stack alone is the root of its copy") {
    const Scratch scratch;
    scratch.write("stack/main.tf", "x");
    const auto copied = copyTree(scratch.path() / "stack", {}, scratch.path() / "copy");
    REQUIRE(copied);
    CHECK(std::filesystem::exists(*copied / "main.tf"));
}
