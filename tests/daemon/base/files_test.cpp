#include "daemon/base/files.hpp"

#include <doctest/doctest.h>
#include <sys/stat.h>

#include "tests/support/files.hpp"

using namespace driftkeeper;

TEST_CASE("a file is written as a whole, with its mode, and read back") {
    const tests::TempDir room;
    const auto path = room.path() / "token";
    REQUIRE(writeFile(path, "first\n", 0640).has_value());
    REQUIRE(writeFile(path, "second\n", 0640).has_value());
    CHECK(readFile(path).value() == "second\n");
    struct stat status {};
    REQUIRE(stat(path.c_str(), &status) == 0);
    CHECK((status.st_mode & 07777) == 0640);
    CHECK(std::distance(std::filesystem::directory_iterator(room.path()), {}) == 1);
}

TEST_CASE("a file that cannot be read or written is named with its reason") {
    const tests::TempDir room;
    const auto missing = readFile(room.path() / "missing");
    REQUIRE(!missing.has_value());
    CHECK(missing.error().code == "file_unreadable");
    CHECK(missing.error().message.find("No such file") != std::string::npos);
    const auto lost = writeFile(room.path() / "no/such/folder", "x");
    REQUIRE(!lost.has_value());
    CHECK(lost.error().code == "file_unwritable");
}

TEST_CASE("a file over the limit is refused, one at the limit is not") {
    const tests::TempDir room;
    REQUIRE(writeFile(room.path() / "f", "12345678").has_value());
    CHECK(readFile(room.path() / "f", 8).has_value());
    CHECK(!readFile(room.path() / "f", 7).has_value());
}

TEST_CASE("folders are made with their parents, and a file in the way is an error") {
    const tests::TempDir room;
    REQUIRE(makeDirectory(room.path() / "a/b/c").has_value());
    CHECK(std::filesystem::is_directory(room.path() / "a/b/c"));
    CHECK(makeDirectory(room.path() / "a/b/c").has_value());
    REQUIRE(writeFile(room.path() / "file", "x").has_value());
    CHECK(!makeDirectory(room.path() / "file").has_value());
    CHECK(!makeDirectory(room.path() / "file/below").has_value());
}
