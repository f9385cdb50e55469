#include "daemon/git/tree_folder.hpp"

#include <doctest/doctest.h>
#include <fcntl.h>
#include <git2.h>
#include <sys/stat.h>

#include "daemon/git/forms.hpp"
#include "daemon/git/objects.hpp"
#include "daemon/git/tree_reader.hpp"
#include "git_lab.hpp"

using namespace driftkeeper;
using namespace driftkeeper::tests;

namespace fs = std::filesystem;

namespace tree_folder_test {
namespace {

struct FolderWorld {
    Scratch scratch;
    Origin origin{scratch.path() / "origin"};
    fs::path place = scratch.path() / "export";
    fs::path root = place / "src";

    Result<FolderIndex> write(const std::string& commit) const {
        startGit();
        git_repository* repository = nullptr;
        REQUIRE(git_repository_open(&repository, origin.folder().c_str()) == 0);
        const GitOwned<git_repository> owned(repository);
        const auto tree = readTree(repository, commit);
        const auto objects = openObjects(repository);
        REQUIRE(tree);
        std::vector<const TreeFile*> files;
        for (const auto& file : tree->files) files.push_back(&file);
        const PutFile put = [&](const TreeFile& file, int folder,
                                const std::string& name) -> Result<void> {
            const auto bytes =
                checkedOutBytes(repository, objects->get(), *tree, file, 512U << 20U);
            return bytes ? writeBytes(file, folder, name, *bytes)
                         : Result<void>(std::unexpected(bytes.error()));
        };
        return writeTree(place, files, put, Writers::Tools);
    }
};

struct stat statusOf(const fs::path& file) {
    struct stat status {};
    REQUIRE(::lstat(file.c_str(), &status) == 0);
    return status;
}

}  // namespace

TEST_CASE("a folder holds exactly the commit's files, with their modes and links") {
    const FolderWorld world;
    writeFile(world.origin.folder() / "a/b/run.sh", "#!");
    fs::permissions(world.origin.folder() / "a/b/run.sh", fs::perms::owner_all);
    fs::create_symlink("b/run.sh", world.origin.folder() / "a/link");
    writeFile(world.origin.folder() / ".gitattributes", "*.txt text eol=crlf\n*.tf filter=evil\n");
    writeFile(world.origin.folder() / "lines.txt", "1\n2\n");
    REQUIRE(world.write(world.origin.commit("main.tf", "x")));
    CHECK(filesBelow(world.root) == ".gitattributes a/b/run.sh a/link lines.txt main.tf");
    CHECK((statusOf(world.root / "a/b/run.sh").st_mode & 07777) == 0755);
    CHECK((statusOf(world.root / "main.tf").st_mode & 07777) == 0644);
    CHECK((statusOf(world.place).st_mode & 07777) == 0700);
    CHECK((statusOf(world.root).st_mode & 07777) == 0755);
    CHECK(fs::read_symlink(world.root / "a/link") == "b/run.sh");
    CHECK(readFile(world.root / "lines.txt") == "1\n2\n");
}

TEST_CASE("the next tree writes what changed and leaves the rest alone") {
    const FolderWorld world;
    writeFile(world.origin.folder() / "same", "1");
    writeFile(world.origin.folder() / "gone/file", "1");
    writeFile(world.origin.folder() / "becomes/folder", "1");
    writeFile(world.origin.folder() / "becomes_folder", "1");
    REQUIRE(world.write(world.origin.commit("changed", "1")));
    const auto before = statusOf(world.root / "same");
    fs::remove_all(world.origin.folder() / "gone");
    fs::remove_all(world.origin.folder() / "becomes");
    fs::remove(world.origin.folder() / "becomes_folder");
    writeFile(world.origin.folder() / "becomes", "a file now");
    writeFile(world.origin.folder() / "becomes_folder/now", "1");
    REQUIRE(world.write(world.origin.commit("changed", "2")));
    CHECK(filesBelow(world.root) == "becomes becomes_folder/now changed same");
    CHECK_FALSE(fs::exists(world.root / "gone"));
    CHECK(readFile(world.root / "changed") == "2");
    const auto after = statusOf(world.root / "same");
    CHECK(before.st_ino == after.st_ino);
    CHECK(before.st_ctim.tv_nsec == after.st_ctim.tv_nsec);
}

TEST_CASE("nothing that someone did to the folder survives") {
    const FolderWorld world;
    writeFile(world.origin.folder() / "prod/main.tf", "good");
    writeFile(world.origin.folder() / "prod/.terraform.lock.hcl", "locked");
    const auto commit = world.origin.commit("script", "good");
    REQUIRE(world.write(commit));
    const auto prod = world.root / "prod";

    SUBCASE("new files and folders") {
        writeFile(prod / "evil_override.tf", "x");
        writeFile(world.root / ".terraform/deep/er/x", "x");
    }
    SUBCASE("changed, with the size and the time of before") {
        const auto before = statusOf(prod / "main.tf");
        writeFile(prod / "main.tf", "evil");
        const timespec times[] = {before.st_atim, before.st_mtim};
        REQUIRE(::utimensat(AT_FDCWD, (prod / "main.tf").c_str(), times, 0) == 0);
    }
    SUBCASE("a lock file chosen by a check") {
        writeFile(prod / ".terraform.lock.hcl", "chosen");
    }
    SUBCASE("deleted") {
        fs::remove(prod / "main.tf");
    }
    SUBCASE("modes") {
        fs::permissions(world.root / "script", fs::perms::owner_all);
        fs::permissions(prod, fs::perms::none);
    }
    SUBCASE("a folder in place of a file") {
        fs::remove(prod / "main.tf");
        writeFile(prod / "main.tf/x", "x");
    }
    SUBCASE("a folder replaced by a link to elsewhere") {
        const auto elsewhere = world.scratch.path() / "elsewhere";
        writeFile(elsewhere / "keep", "kept");
        fs::remove_all(prod);
        fs::create_directory_symlink(elsewhere, prod);
        REQUIRE(world.write(commit));
        CHECK(filesBelow(elsewhere) == "keep");
    }
    SUBCASE("a file replaced by a link to elsewhere") {
        const auto elsewhere = world.scratch.path() / "elsewhere";
        writeFile(elsewhere, "kept");
        fs::remove(prod / "main.tf");
        fs::create_symlink(elsewhere, prod / "main.tf");
        REQUIRE(world.write(commit));
        CHECK(readFile(elsewhere) == "kept");
    }
    SUBCASE("the whole tree replaced by a link") {
        const auto elsewhere = world.scratch.path() / "elsewhere";
        writeFile(elsewhere / "keep", "kept");
        fs::remove_all(world.root);
        fs::create_directory_symlink(elsewhere, world.root);
        REQUIRE(world.write(commit));
        CHECK(filesBelow(elsewhere) == "keep");
    }
    SUBCASE("the index lost or broken") {
        writeFile(prod / "main.tf", "evil");
        writeFile(world.place / "index",
                  std::string("driftkeeper tree 2\0prod/main.tf\0broken", 39));
    }
    REQUIRE(world.write(commit));
    CHECK(filesBelow(world.root) == "prod/.terraform.lock.hcl prod/main.tf script");
    CHECK(readFile(prod / "main.tf") == "good");
    CHECK(readFile(prod / ".terraform.lock.hcl") == "locked");
    CHECK((statusOf(world.root / "script").st_mode & 07777) == 0644);
    CHECK((statusOf(prod).st_mode & 07777) == 0755);
    CHECK_FALSE(fs::exists(world.root / ".terraform"));
}

TEST_CASE("a huge file is refused by its size alone") {
    const FolderWorld world;
    // Only the header of the object is there: whoever reads on fails otherwise.
    const std::string hash(40, 'a');
    shell("mkdir -p " + (world.origin.folder() / ".git/objects/aa").string() +
          " && python3 -c \"import sys, zlib; sys.stdout.buffer.write(zlib.compress(b'blob "
          "536870913\\0short'))\" > " +
          (world.origin.folder() / ".git/objects/aa" / hash.substr(2)).string());
    const auto written = world.write(
        world.origin.commitTree(world.origin.tree(Origin::entry("100644", "huge.bin", hash))));
    REQUIRE_FALSE(written);
    CHECK(written.error().code == "git_huge_file");
    CHECK(written.error().remedy == Remedy::Report);
    CHECK(written.error().message.find("huge.bin") != std::string::npos);
}

}  // namespace tree_folder_test
