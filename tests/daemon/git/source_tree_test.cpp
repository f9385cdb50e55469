#include "daemon/git/source_tree.hpp"

#include <doctest/doctest.h>
#include <git2.h>

#include "daemon/git/closure.hpp"
#include "daemon/git/objects.hpp"
#include "daemon/git/source_files.hpp"
#include "daemon/git/tree_reader.hpp"
#include "git_lab.hpp"

using namespace driftkeeper;
using namespace driftkeeper::tests;

namespace source_tree_test {
namespace {

struct TreeWorld {
    Scratch scratch;
    Origin origin{scratch.path() / "origin"};

    GitOwned<git_repository> open() const {
        startGit();
        git_repository* repository = nullptr;
        REQUIRE(git_repository_open(&repository, origin.folder().c_str()) == 0);
        return GitOwned<git_repository>(repository);
    }
    Result<SourceTree> read(const std::string& commit) const {
        return readTree(open().get(), commit);
    }
    Result<SourceTree> readRaw(const std::string& entries) const {
        return read(origin.commitTree(origin.tree(entries)));
    }
    std::vector<SourceFile> configuration(const std::string& commit) const {
        const auto repository = open();
        const auto tree = readTree(repository.get(), commit);
        const auto objects = openObjects(repository.get());
        REQUIRE(tree);
        REQUIRE(objects);
        SilentBlobs silent;
        auto sources = sourceFiles(objects->get(), *tree, nullptr, silent);
        REQUIRE(sources);
        return sources->files;
    }
    void link(const std::string& path, const std::string& target) const {
        std::filesystem::create_directories((origin.folder() / path).parent_path());
        std::filesystem::create_symlink(target, origin.folder() / path);
    }
};

std::string paths(const std::vector<const TreeFile*>& files) {
    std::string text;
    for (const auto* file : files) text += (text.empty() ? "" : " ") + file->path;
    return text;
}

std::string joined(const std::vector<std::string>& words) {
    std::string text;
    for (const auto& word : words) text += (text.empty() ? "" : " ") + word;
    return text;
}

std::vector<std::string> pathsOf(const std::vector<LeftOut>& all) {
    std::vector<std::string> found;
    for (const auto& one : all) found.push_back(one.path);
    return found;
}

}  // namespace

TEST_CASE("names that no checkout should have are refused") {
    const TreeWorld world;
    const auto blob = world.origin.blob("x");
    const auto folder = world.origin.tree(Origin::entry("100644", "a", blob));
    for (const std::string name : {"..", ".", ".git", ".GIT", ".gIt", "a/b", "/etc"}) {
        CAPTURE(name);
        for (const char* mode : {"100644", "40000"}) {
            const auto tree = world.readRaw(
                Origin::entry(mode, name, std::string(mode) == "40000" ? folder : blob));
            REQUIRE_FALSE(tree);
            CHECK(tree.error().code == "git_hostile_tree");
            CHECK(tree.error().remedy == Remedy::Report);
        }
    }
    const auto twice =
        world.readRaw(Origin::entry("100644", "a", blob) + Origin::entry("40000", "a", folder));
    REQUIRE_FALSE(twice);
    CHECK(twice.error().code == "git_hostile_tree");
    const auto longName = world.readRaw(Origin::entry("100644", std::string(256, 'n'), blob));
    REQUIRE_FALSE(longName);
    CHECK(longName.error().code == "git_hostile_tree");
}

TEST_CASE("names that are only unusual are kept") {
    const TreeWorld world;
    const auto blob = world.origin.blob("x");
    const auto tree = world.readRaw(
        Origin::entry("100644", "-rf", blob) + Origin::entry("100644", ".gitignore", blob) +
        Origin::entry("100644", "a\nb", blob) + Origin::entry("100644", "\xff\xfe", blob));
    REQUIRE(tree);
    CHECK(tree->files.size() == 4);
}

TEST_CASE("a tree that is too deep, or that multiplies itself, is refused") {
    const TreeWorld world;
    auto inner = world.origin.tree(Origin::entry("100644", "a", world.origin.blob("x")));
    const auto repository = world.open();
    const auto objects = openObjects(repository.get());
    REQUIRE(objects);
    const auto store = [&](const std::string& entries) {
        git_oid id;
        REQUIRE(git_odb_write(&id, objects->get(), entries.data(), entries.size(),
                              GIT_OBJECT_TREE) == 0);
        return std::string(git_oid_tostr_s(&id));
    };
    SUBCASE("deep") {
        for (int i = 0; i < 210; ++i) inner = store(Origin::entry("40000", "d", inner));
    }
    SUBCASE("wide") {
        for (int i = 0; i < 8; ++i) {
            std::string entries;
            for (char c = 'a'; c < 'k'; ++c)
                entries += Origin::entry("40000", std::string(1, c), inner);
            inner = store(entries);
        }
    }
    const auto tree = world.read(world.origin.commitTree(inner));
    REQUIRE_FALSE(tree);
    CHECK(tree.error().code == "git_hostile_tree");
}

TEST_CASE(
    "links that could leave the tree, submodules and embedded repositories are left out and "
    "named") {
    const TreeWorld world;
    world.link("a/inside", "../b/file");
    world.link("a/dangling", "nothing/here");
    world.link("a/out", "../../etc/passwd");
    world.link("absolute", "/etc/passwd");
    world.link("here", ".");
    world.link("a/tricky", "../here/here/here/../../../etc/passwd");
    world.link("a/into-git", "../.git/config");
    writeFile(world.origin.folder() / "b/file", "x");
    writeFile(world.origin.folder() / "bare/HEAD", "ref: refs/heads/main\n");
    writeFile(world.origin.folder() / "bare/objects/x", "");
    writeFile(world.origin.folder() / "bare/refs/x", "");
    writeFile(world.origin.folder() / "bare/config", "[core]\n\tfsmonitor = touch /tmp/x\n");
    const auto commit = world.origin.commitAll();
    const std::string elsewhere(40, '5');
    auto listing =
        world.origin.git("ls-tree " + commit) + "\n160000 commit " + elsewhere + "\tsub\n";
    writeFile(world.scratch.path() / "listing", listing);
    const auto tree = world.read(world.origin.commitTree(
        world.origin.git("mktree --missing < " + (world.scratch.path() / "listing").string())));
    REQUIRE(tree);
    CHECK(joined(pathsOf(tree->leftOut)) == "a/into-git a/out a/tricky absolute bare sub");
    std::string kept;
    for (const auto& file : tree->files) kept += file.path + " ";
    CHECK(kept == "a/dangling a/inside b/file here ");
}

TEST_CASE("a repository whose tree is itself a bare repository is refused") {
    const TreeWorld world;
    for (const char* name : {"HEAD", "objects/x", "refs/x"})
        writeFile(world.origin.folder() / name, "");
    const auto tree = world.read(world.origin.commitAll());
    REQUIRE_FALSE(tree);
    CHECK(tree.error().code == "git_hostile_tree");
}

TEST_CASE("a path is resolved through links and never leaves the tree") {
    const TreeWorld world;
    writeFile(world.origin.folder() / "shared/net/main.tf", "x");
    writeFile(world.origin.folder() / "prod/main.tf", "x");
    world.link("prod/modules", "../shared");
    world.link("prod/alias.tf", "modules/net/main.tf");
    world.link("loop", "loop2");
    world.link("loop2", "loop");
    const auto tree = world.read(world.origin.commitAll());
    REQUIRE(tree);
    CHECK(tree->resolved("prod/modules/net") == "shared/net");
    CHECK(tree->resolved("prod/modules/net/main.tf") == "shared/net/main.tf");
    CHECK(tree->resolved("prod/alias.tf") == "shared/net/main.tf");
    CHECK(tree->resolved("prod/modules/../prod") == "prod");
    CHECK(tree->resolved(".") == ".");
    CHECK(tree->resolved("./prod//main.tf") == "prod/main.tf");
    for (const char* path : {"..", "prod/../../x", "nowhere", "prod/main.tf/x", "loop"}) {
        CAPTURE(path);
        CHECK_FALSE(tree->resolved(path));
    }
}

TEST_CASE("configuration files are given up to their limits, through links as well") {
    const TreeWorld world;
    writeFile(world.origin.folder() / "a/main.tf", "text");
    writeFile(world.origin.folder() / "a/notes.md", "text");
    writeFile(world.origin.folder() / "a/large.tf", std::string((4U << 20U) + 1, ' '));
    world.link("b/main.tf", "../a/main.tf");
    world.link("b/gone.tf", "../a/gone.tf");
    const auto files = world.configuration(world.origin.commitAll());
    REQUIRE(files.size() == 3);
    CHECK(files[0].path == "a/large.tf");
    CHECK(files[0].text.empty());
    CHECK(files[1].path == "a/main.tf");
    CHECK(files[2].path == "b/main.tf");
    CHECK(files[2].text == "text");
}

TEST_CASE("the digest changes exactly when a file of the closure or a variable file does") {
    const TreeWorld world;
    const auto& origin = world.origin;
    for (const char* file :
         {"prod/main.tf", "prod/data/list.json", "prod/nested/main.tf", "prod/nested/deep/x",
          "prod/mod/main.tf", "modules/net/main.tf", "modules/unused/main.tf", "shared/common.tf",
          "vars/prod.tfvars", "vars/other.tfvars", "README.md"})
        writeFile(origin.folder() / file, "1");
    world.link("prod/common.tf", "../shared/common.tf");
    auto stack = stackAt("prod", {"prod", "prod/mod", "modules/net"});
    stack.options["variable_files"] = {"../vars/prod.tfvars", "/etc/outside.tfvars",
                                       "missing.tfvars"};
    const auto tree = world.read(origin.commitAll());
    REQUIRE(tree);
    CHECK(paths(closureFiles(*tree, stack, OtherStacks::Skipped)) ==
          "modules/net/main.tf prod/common.tf prod/data/list.json prod/main.tf prod/mod/main.tf "
          "shared/common.tf "
          "vars/prod.tfvars");
    CHECK(paths(closureFiles(*tree, stack, OtherStacks::Taken)) ==
          "modules/net/main.tf prod/common.tf prod/data/list.json prod/main.tf prod/mod/main.tf "
          "prod/nested/deep/x "
          "prod/nested/main.tf "
          "shared/common.tf vars/prod.tfvars");

    const auto digest = [&](const std::string& commit) {
        return digestOf(*world.read(commit), stack);
    };
    auto last = digestOf(*tree, stack);
    for (const char* file : {"prod/nested/main.tf", "prod/nested/deep/x", "modules/unused/main.tf",
                             "vars/other.tfvars", "README.md", "new/main.tf"}) {
        CAPTURE(file);
        CHECK(digest(origin.commit(file, "2")) == last);
    }
    for (const char* file :
         {"prod/main.tf", "prod/data/list.json", "prod/mod/main.tf", "modules/net/main.tf",
          "shared/common.tf", "vars/prod.tfvars", "prod/new.txt"}) {
        CAPTURE(file);
        const auto now = digest(origin.commit(file, "2"));
        CHECK(now != last);
        last = now;
    }
    std::filesystem::permissions(origin.folder() / "prod/main.tf",
                                 std::filesystem::perms::owner_all);
    CHECK(digest(origin.commitAll()) != last);
}

TEST_CASE("the stack at the root does not depend on the stacks below it") {
    const TreeWorld world;
    for (const char* file : {"main.tf", "files/a", "prod/main.tf", "prod/files/a"})
        writeFile(world.origin.folder() / file, "1");
    const auto tree = world.read(world.origin.commitAll());
    REQUIRE(tree);
    CHECK(paths(closureFiles(*tree, stackAt("."), OtherStacks::Skipped)) == "files/a main.tf");
}

TEST_CASE("a commit that is not there can be tried again later") {
    const TreeWorld world;
    world.origin.commit("a", "1");
    const auto tree = world.read(std::string(40, 'a'));
    REQUIRE_FALSE(tree);
    CHECK(tree.error().remedy == Remedy::Retry);
}

TEST_CASE("paths are normalised or refused") {
    CHECK(normalised("a//b/./c/../d/") == "a/b/d");
    CHECK(normalised("") == ".");
    CHECK(normalised("./") == ".");
    CHECK(normalised("a/..") == ".");
    for (const char* path : {"..", "a/../..", "/a"}) CHECK_FALSE(normalised(path));
}

}  // namespace source_tree_test
