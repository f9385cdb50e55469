#include "providers/process/remove_tree.hpp"

#include <doctest/doctest.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "providers/process/descriptor.hpp"
#include "tests/providers/process/scratch.hpp"

using namespace driftkeeper;
using tests::Scratch;
namespace fs = std::filesystem;

TEST_CASE("a tree of any depth is removed") {
    const Scratch scratch;
    const auto top = scratch.folder("top");
    Descriptor at(::open(top.c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC));
    for (int level = 0; level < 3000; ++level) {
        REQUIRE(::mkdirat(at.get(), "d", 0700) == 0);
        at = Descriptor(::openat(at.get(), "d", O_PATH | O_DIRECTORY | O_CLOEXEC));
    }
    at.close();
    CHECK(removeTree(top));
    CHECK_FALSE(fs::exists(top));
}

TEST_CASE("a tree with folders that nobody may read is removed, and no link is followed") {
    const Scratch scratch;
    scratch.write("kept/file", "text");
    scratch.write("top/closed/inner/file", "text");
    scratch.write("top/.lifted-0", "text");
    fs::create_directory_symlink(scratch.path() / "kept", scratch.path() / "top/closed/link");
    REQUIRE(::mkfifo((scratch.path() / "top/fifo").c_str(), 0600) == 0);
    for (const char* name : {"top/closed/inner", "top/closed", "top"})
        fs::permissions(scratch.path() / name, fs::perms::none);
    CHECK(removeTree(scratch.path() / "top"));
    CHECK_FALSE(fs::exists(scratch.path() / "top"));
    CHECK(scratch.read("kept/file") == "text");

    fs::create_directory_symlink(scratch.path() / "kept", scratch.path() / "link");
    CHECK(removeTree(scratch.path() / "link"));
    CHECK(scratch.read("kept/file") == "text");
    CHECK(removeTree(scratch.path() / "missing/file"));
}
