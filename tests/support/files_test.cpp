#include "tests/support/files.hpp"

#include <doctest/doctest.h>

using namespace driftkeeper::tests;
namespace fs = std::filesystem;

TEST_CASE("a temporary folder is gone with everything in it when it goes out of scope") {
    fs::path path;
    {
        const TempDir folder;
        path = folder.path();
        writeFile(folder / "a/b/c.txt", "x");
        CHECK(fs::exists(path / "a/b/c.txt"));
    }
    CHECK_FALSE(fs::exists(path));
}

TEST_CASE("two temporary folders are not the same") {
    const TempDir one, other;
    CHECK(one.path() != other.path());
}

TEST_CASE("a written file reads back byte for byte") {
    const TempDir folder;
    const std::string bytes("a\0\r\n\xff", 5);
    writeFile(folder / "file", bytes);
    CHECK(readFile(folder / "file") == bytes);
}

TEST_CASE("a file that is not there cannot be read") {
    const TempDir folder;
    CHECK_THROWS_WITH(readFile(folder / "none"), doctest::Contains("none"));
}

TEST_CASE("an edit replaces the first place and throws when there is none") {
    CHECK(replaced("a b a", "a", "x") == "x b a");
    CHECK_THROWS(replaced("a b a", "c", "x"));
}
