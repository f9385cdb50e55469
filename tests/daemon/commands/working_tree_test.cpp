#include "daemon/commands/working_tree.hpp"

#include <doctest/doctest.h>

#include <filesystem>

#include "tests/support/git_world.hpp"

namespace working_tree_test {
using namespace driftkeeper;
using Texts = std::vector<std::string>;

namespace {

const std::string service = "apiVersion: v1\nkind: Service\n";

Texts stacksAt(const std::filesystem::path& root, const std::string& here,
               const std::string& provider = "") {
    WorkingTree tree(root);
    Texts found;
    for (const auto& stack : tree.stacksAt(here == "." ? root : root / here, here, provider))
        found.push_back(stack.path);
    return found;
}

}  // namespace

TEST_CASE("a folder is looked at with all below it, whatever is at its root") {
    const tests::GitWorld world;
    world.write("svc.yaml", service);
    world.write("prod/network/main.tf", "");
    world.write("prod/db/main.tf", "");
    world.write("other/main.tf", "");
    CHECK(stacksAt(world.path(), ".") == Texts{".", "other", "prod/db", "prod/network"});
    CHECK(stacksAt(world.path(), "prod") == Texts{"prod/db", "prod/network"});
    CHECK(stacksAt(world.path(), "prod/db") == Texts{"prod/db"});
    CHECK(stacksAt(world.path(), ".", "kubernetes") == Texts{"."});
    CHECK(stacksAt(world.path(), "prod", "kubernetes") == Texts{"prod"});
}

TEST_CASE("what is left out is named, and looked at when it is just what was asked for") {
    const tests::GitWorld world;
    world.write("prod/main.tf", "");
    world.write("examples/basic/main.tf", "");
    WorkingTree tree(world.path());
    CHECK(tree.stacksAt(world.path(), ".", "").size() == 1);
    CHECK(tree.leftOut() == std::vector<LeftOut>{{"examples/basic", "example"}});
    CHECK(stacksAt(world.path(), "examples/basic") == Texts{"examples/basic"});
}

TEST_CASE(
    "hidden folders and what Git ignores are not in the repository, unless they are tracked") {
    tests::GitWorld world;
    world.write("prod/main.tf", "");
    world.write(".archive/main.tf", "");
    world.write("kept/main.tf", "");
    world.write(".gitignore", "node_modules/\nkept/\n*.gen.yaml\n");
    world.git({"add", "-f", "."});
    world.commit("all");
    world.write("node_modules/pkg/svc.yaml", service);
    world.write("apps/a.gen.yaml", service);
    CHECK(stacksAt(world.path(), ".") == Texts{"kept", "prod"});
}

TEST_CASE("outside of a repository nothing above the folder is looked at") {
    const tests::TempDir room;
    tests::writeFile(room / "stray.json", R"({"apiVersion": "v1", "kind": "ConfigMap"})");
    std::filesystem::create_directories(room / "empty");
    WorkingTree tree("/");
    CHECK(
        tree.stacksAt(room / "empty", (room / "empty").lexically_relative("/").generic_string(), "")
            .empty());
}

TEST_CASE("a linked folder of modules is called, and a link out of the repository is named") {
    const tests::GitWorld world;
    world.write("prod/main.tf", "module \"m\" {\n source = \"./lib/net\"\n}\n");
    world.write("shared/net/main.tf", "");
    std::filesystem::create_directory_symlink("../shared", world.path() / "prod/lib");
    std::filesystem::create_directory_symlink("/usr", world.path() / "outside");
    WorkingTree tree(world.path());
    const auto stacks = tree.stacksAt(world.path(), ".", "");
    REQUIRE(stacks.size() == 1);
    CHECK(stacks[0].closure == Texts{"prod", "shared/net"});
    CHECK(tree.leftOut() == std::vector<LeftOut>{{"outside", "link_outside"}});
}

}  // namespace working_tree_test
