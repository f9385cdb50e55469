#include "tests/support/git_world.hpp"

#include <doctest/doctest.h>

using namespace driftkeeper::tests;

TEST_CASE("a commit holds what was written and who wrote it") {
    GitWorld world;
    world.write("prod/main.tf", "# one\n");
    const std::string commit = world.commit("first", "Bob <bob@example.org>");
    CHECK(commit.size() == 40);
    CHECK(world.git({"show", commit + ":prod/main.tf"}) == "# one\n");
    CHECK(world.git({"log", "-1", "--format=%an|%ae|%s"}) == "Bob|bob@example.org|first\n");
}

TEST_CASE("a removed file is gone from the next commit") {
    GitWorld world;
    world.write("a", "1");
    world.write("b", "2");
    world.commit("both");
    world.remove("a");
    world.commit("one");
    CHECK(world.git({"ls-files"}) == "b\n");
}

TEST_CASE("the same steps make the same commits") {
    GitWorld one, other;
    for (GitWorld* world : {&one, &other}) {
        world->write("a", "1");
        world->commit("same");
    }
    CHECK(one.head() == other.head());
}

TEST_CASE("an amended commit replaces the last one") {
    GitWorld world;
    world.commit("base");
    const std::string before = world.commit("second");
    CHECK(world.amend("rewritten") != before);
    CHECK(world.git({"log", "--format=%s"}) == "rewritten\nbase\n");
}

TEST_CASE("a branch is made and moved") {
    GitWorld world;
    const std::string first = world.commit("first");
    world.branch("release");
    const std::string second = world.commit("second");
    CHECK(world.git({"rev-parse", "release"}) == first + "\n");
    world.branch("release", second);
    CHECK(world.git({"rev-parse", "release"}) == second + "\n");
    world.checkout("release");
    CHECK(world.git({"branch", "--show-current"}) == "release\n");
}

TEST_CASE(
    "a push makes the bare repository equal, also after history was rewritten and a branch "
    "removed") {
    GitWorld world;
    const TempDir room;
    const auto bare = room / "infra.git";
    world.commit("first");
    world.branch("gone");
    world.pushTo(bare);
    CHECK(world.git({"--git-dir", bare.string(), "rev-parse", "main"}) == world.head() + "\n");
    world.amend("rewritten");
    world.git({"branch", "-D", "gone"});
    world.pushTo(bare);
    CHECK(world.git(
              {"--git-dir", bare.string(), "for-each-ref", "--format=%(refname) %(objectname)"}) ==
          "refs/heads/main " + world.head() + "\n");
}

TEST_CASE("what git refuses is an exception with its words") {
    GitWorld world;
    CHECK_THROWS_WITH(world.checkout("nowhere"), doctest::Contains("nowhere"));
}
