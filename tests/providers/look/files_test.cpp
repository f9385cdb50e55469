#include "providers/look/files.hpp"

#include <doctest/doctest.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tests/providers/process/scratch.hpp"

using namespace driftkeeper;
using tests::Scratch;
namespace fs = std::filesystem;

TEST_CASE("a file is read whole, or not at all") {
    const Scratch scratch;
    scratch.write("file", std::string("a\0b", 3));
    CHECK(fileText(scratch.path() / "file") == std::string("a\0b", 3));
    CHECK_FALSE(fileText(scratch.path() / "file", 2));
    CHECK_FALSE(fileText(scratch.path() / "missing"));
    CHECK_FALSE(fileText(scratch.path()));
    CHECK_FALSE(fileText("/dev/zero"));
}

TEST_CASE("a written file is private and replaces the old one") {
    const Scratch scratch;
    scratch.write("file", "a longer text");
    REQUIRE(writeFile(scratch.path() / "file", "new"));
    CHECK(scratch.read("file") == "new");
    CHECK(fs::status(scratch.path() / "file").permissions() ==
          (fs::perms::owner_read | fs::perms::owner_write));
    CHECK(std::distance(fs::directory_iterator(scratch.path()), {}) == 1);
    const auto failed = writeFile(scratch.path() / "missing/file", "x");
    REQUIRE_FALSE(failed);
    CHECK(failed.error().code == "private_directory");
    CHECK(failed.error().remedy == Remedy::FixSetup);
}

TEST_CASE("folders are made private, and emptied only when asked") {
    const Scratch scratch;
    scratch.write("a/b/c", "x");
    REQUIRE(makeFolder(scratch.path() / "a"));
    CHECK(scratch.read("a/b/c") == "x");
    CHECK(fs::status(scratch.path() / "a").permissions() == fs::perms::owner_all);
    REQUIRE(emptyFolder(scratch.path() / "a"));
    CHECK(fs::is_empty(scratch.path() / "a"));
}

TEST_CASE("what a tool may have written is read without following it anywhere") {
    const Scratch scratch;
    scratch.write("secret", "secret");
    scratch.write("room/folder/file", "text");
    const auto room = scratch.path() / "room";
    fs::create_symlink(scratch.path() / "secret", room / "link");
    fs::create_directory_symlink(scratch.path(), room / "way-out");
    REQUIRE(::mkfifo((room / "fifo").c_str(), 0600) == 0);
    CHECK(fileBelow(room, "folder/file") == "text");
    CHECK_FALSE(fileBelow(room, "folder/file", 3));
    for (const char* name : {"link", "way-out/secret", "../secret", "fifo", "folder", "missing"}) {
        CAPTURE(name);
        CHECK_FALSE(fileBelow(room, name));
    }
    CHECK_FALSE(fileText(room / "fifo"));
}

TEST_CASE("a file is written and a folder made in the place of whatever stands there") {
    const Scratch scratch;
    scratch.write("secret/kept", "kept");
    REQUIRE(::mkfifo((scratch.path() / "file.part").c_str(), 0600) == 0);
    REQUIRE(writeFile(scratch.path() / "file", "text"));
    CHECK(scratch.read("file") == "text");

    fs::create_directory_symlink(scratch.path() / "secret", scratch.path() / "folder");
    REQUIRE(makeFolder(scratch.path() / "folder"));
    CHECK_FALSE(fs::is_symlink(scratch.path() / "folder"));
    fs::remove(scratch.path() / "folder");
    fs::create_directory_symlink(scratch.path() / "secret", scratch.path() / "folder");
    REQUIRE(emptyFolder(scratch.path() / "folder"));
    CHECK(scratch.read("secret/kept") == "kept");
    CHECK(fs::status(scratch.path() / "secret").permissions() != fs::perms::owner_all);
}
