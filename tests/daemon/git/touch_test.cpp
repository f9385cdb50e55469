#include "daemon/git/touch.hpp"

#include <doctest/doctest.h>

#include "git_lab.hpp"

using namespace driftkeeper;
using namespace driftkeeper::tests;

namespace touch_test {
namespace {

struct World {
    Scratch scratch;
    Origin origin{scratch.path() / "origin"};
    Checkouts checkouts{scratch.path() / "git"};
    RepositorySettings repository = repositoryAt(origin.folder());

    std::string touched(const std::vector<std::string>& paths) {
        const auto snapshot = checkouts.sync(repository, {});
        REQUIRE(snapshot);
        const auto touch = checkouts.lastTouch(repository, snapshot->commit, paths);
        REQUIRE(touch);
        REQUIRE(touch->has_value());
        CHECK_FALSE((*touch)->author.empty());
        return (*touch)->commit;
    }
};

}  // namespace

TEST_CASE("the last commit that touched a folder, a file or anything is found") {
    World world;
    const auto first = world.origin.commit("net/main.tf", "1");
    const auto second = world.origin.commit("db/main.tf", "1");
    const auto third = world.origin.commit("modules/a/x.tf", "1");
    CHECK(world.touched({"net"}) == first);
    CHECK(world.touched({"db/main.tf"}) == second);
    CHECK(world.touched({"net", "modules/a"}) == third);
    CHECK(world.touched({"."}) == third);
}

TEST_CASE("a merge is followed to the side that brought the change") {
    World world;
    world.origin.commit("net/main.tf", "1");
    world.origin.git("checkout -q -b feature");
    const auto feature = world.origin.commit("net/main.tf", "2");
    world.origin.git("checkout -q main");
    world.origin.commit("db/main.tf", "1");
    world.origin.git("merge -q --no-ff -m merged feature");
    CHECK(world.touched({"net"}) == feature);
}

TEST_CASE("a file of the tree is read at its commit, and what is not there is nothing") {
    World world;
    const auto first = world.origin.commit(".driftkeeper.yaml", "version: 1\n");
    REQUIRE(world.checkouts.sync(world.repository, {}));
    CHECK(world.checkouts.file(world.repository, first, ".driftkeeper.yaml", 100).value() ==
          "version: 1\n");
    CHECK(world.checkouts.file(world.repository, first, "other", 100).value() == std::nullopt);
    const auto huge = world.checkouts.file(world.repository, first, ".driftkeeper.yaml", 5);
    REQUIRE_FALSE(huge);
    CHECK(huge.error().code == "git_huge_file");
}

TEST_CASE("a commit that is not there is an error") {
    World world;
    world.origin.commit("a", "1");
    REQUIRE(world.checkouts.sync(world.repository, {}));
    const auto touch = world.checkouts.lastTouch(world.repository, std::string(40, '1'), {"."});
    REQUIRE_FALSE(touch);
    CHECK(touch.error().code == "git_no_ref");
}

}  // namespace touch_test
