#include "providers/process/find_program.hpp"

#include <doctest/doctest.h>

#include "tests/providers/process/scratch.hpp"

using namespace driftkeeper;
using tests::Scratch;
namespace fs = std::filesystem;

TEST_CASE("a program is the first executable file of its name") {
    const Scratch scratch;
    const auto make = [&](const std::string& name, fs::perms permissions) {
        fs::permissions(scratch.write(name, "#!/bin/sh\n"), permissions);
    };
    make("one/tool", fs::perms::owner_read);
    make("two/tool", fs::perms::owner_all);
    make("three/tool", fs::perms::owner_all);
    scratch.folder("one/folder");
    const std::string at = scratch.path().string();
    const std::string path = at + "/missing:" + at + "/one:" + at + "/two:" + at + "/three";
    CHECK(findProgram("tool", path, "/") == scratch.path() / "two/tool");
    CHECK(findProgram("two/tool", path, scratch.path()) == scratch.path() / "two/tool");
    CHECK(findProgram(at + "/three/tool", path, "/") == scratch.path() / "three/tool");
    CHECK_FALSE(findProgram("folder", path, "/"));
    CHECK_FALSE(findProgram("other", path, "/"));
    CHECK_FALSE(findProgram("tool", "", "/"));
    CHECK_FALSE(
        findProgram("tool", "two:.:", scratch.path()));  // a relative folder depends on who looks
}
