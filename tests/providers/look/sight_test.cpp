#include "providers/look/sight.hpp"

#include <doctest/doctest.h>
#include <sys/stat.h>

#include <filesystem>
#include <set>
#include <string>

#include "providers/look/files.hpp"
#include "tests/providers/process/scratch.hpp"

using namespace driftkeeper;
using tests::Scratch;

namespace fs = std::filesystem;

namespace sight_test {
namespace {

struct Room {
    Scratch scratch;
    Sight sight{Sandbox::Tree{scratch.path() / "checkout", "/src/infra", scratch.path() / "laid"}};

    Room() { scratch.write("checkout/app/main.tf", "git"); }
    [[nodiscard]] std::string read(const fs::path& seen) const {
        return fileText(sight.onHost(seen)).value_or("none");
    }
};

}  // namespace

TEST_CASE("without a room a path is the host's") {
    const Sight sight;
    CHECK(sight.onHost("/repo/app/main.tf") == "/repo/app/main.tf");
    CHECK(sight.toWrite("/repo/app/main.tf") == "/repo/app/main.tf");
}

TEST_CASE("in a room a file is the checkout's until something is written over it") {
    const Room room;
    CHECK(room.read("/src/infra/app/main.tf") == "git");
    CHECK(room.read("/src/infra/other/../app/./main.tf") == "git");
    CHECK(room.sight.onHost("/src/infra") == room.scratch.path() / "checkout");
    CHECK(room.sight.onHost("/src/infra/app/") == room.scratch.path() / "checkout/app");
    CHECK(room.sight.onHost("/src/infrastructure/x") == "/src/infrastructure/x");
    CHECK(room.sight.onHost("/var/lib/x") == "/var/lib/x");
    REQUIRE(writeFile(room.sight.toWrite("/src/infra/app/main.tf"), "written"));
    CHECK(room.read("/src/infra/app/main.tf") == "written");
    CHECK(room.scratch.read("checkout/app/main.tf") == "git");
}

TEST_CASE("what a tool put over a file is read only where it is a file") {
    const Room room;
    const fs::path upper = room.scratch.path() / "laid/upper/app";
    fs::create_directories(upper);
    room.scratch.write("secret", "secret");
    SUBCASE("a link to a file") {
        fs::create_symlink(room.scratch.path() / "secret", upper / "main.tf");
    }
    SUBCASE("a link to a folder") {
        fs::remove(upper);
        fs::create_directory(room.scratch.path() / "elsewhere");
        room.scratch.write("elsewhere/main.tf", "secret");
        fs::create_directory_symlink(room.scratch.path() / "elsewhere", upper);
    }
    SUBCASE("a pipe") {
        REQUIRE(::mkfifo((upper / "main.tf").c_str(), 0600) == 0);
    }
    CHECK(room.read("/src/infra/app/main.tf") == "none");
}

TEST_CASE("a folder has the names of both, and may be what was written alone") {
    const Room room;
    const fs::path upper = room.scratch.path() / "laid/upper";
    room.scratch.write("laid/upper/app/backend.tf", "generated");
    room.scratch.write("laid/upper/build/a/out.tf", "made");
    CHECK(room.sight.namesIn("/src/infra/app") == std::set<std::string>{"backend.tf", "main.tf"});
    CHECK(room.sight.namesIn("/src/infra/build/a") == std::set<std::string>{"out.tf"});
    CHECK(room.sight.onHost("/src/infra/build/a") == upper / "build/a");
    CHECK(room.read("/src/infra/build/a/out.tf") == "made");
    CHECK(room.sight.namesIn("/src/infra/none").empty());
    CHECK(room.sight.holds("/src/infra/none"));
    CHECK_FALSE(room.sight.holds("/src/other"));
}

TEST_CASE("what is written goes by no link that a tool has put in its way") {
    const Room room;
    room.scratch.write("elsewhere/file", "kept");
    fs::create_directories(room.scratch.path() / "laid/upper");
    fs::create_directory_symlink(room.scratch.path() / "elsewhere",
                                 room.scratch.path() / "laid/upper/app");
    REQUIRE(writeFile(room.sight.toWrite("/src/infra/app/file"), "written"));
    CHECK(room.scratch.read("elsewhere/file") == "kept");
    CHECK(room.read("/src/infra/app/file") == "written");
}

}  // namespace sight_test
