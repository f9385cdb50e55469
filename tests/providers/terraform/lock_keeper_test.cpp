#include "providers/terraform/lock_keeper.hpp"

#include <doctest/doctest.h>

#include "tests/providers/process/scratch.hpp"

using namespace driftkeeper;
using namespace driftkeeper::terraform;
using tests::Scratch;

namespace lock_keeper_test {
namespace {

std::string lockFile(const std::string& version, const std::string& hashes) {
    return "provider \"registry.terraform.io/driftkeeper/box\" {\n  version = \"" + version +
           "\"\n  hashes = [" + hashes + "]\n}\n";
}

struct World {
    Scratch scratch;
    ValueTags tags{"key"};
    World() {
        scratch.folder("stack");
        scratch.folder("home");
    }
    LockKeeper look(const std::string& commit = "c1") const {
        return LockKeeper(scratch.path() / "stack", scratch.path() / "home", commit, tags);
    }
    void put(const std::string& text) const { scratch.write("stack/.terraform.lock.hcl", text); }
    [[nodiscard]] std::string inStack() const { return scratch.read("stack/.terraform.lock.hcl"); }
};

}  // namespace

TEST_CASE("what init chose for want of a lock file is kept, and the folder stays as Git has it") {
    const World world;
    {
        LockKeeper keeper = world.look();
        REQUIRE(keeper.place());
        CHECK_FALSE(keeper.inGit());
        CHECK(keeper.digest().empty());
        world.put(lockFile("1.0.0", "\"h1:a\""));
        CHECK(keeper.keep() == std::string());
    }
    CHECK(world.inStack().empty());
    LockKeeper next = world.look();
    REQUIRE(next.place());
    CHECK(world.inStack() == lockFile("1.0.0", "\"h1:a\""));
    CHECK(next.selections().at("registry.terraform.io/driftkeeper/box").version == "1.0.0");
}

TEST_CASE("added hashes are kept beside Git's lock file for as long as Git's is the same") {
    const World world;
    const std::string git = lockFile("1.0.0", "\"h1:other\"");
    const std::string completed = lockFile("1.0.0", "\"h1:other\", \"h1:mine\"");
    world.put(git);
    {
        LockKeeper keeper = world.look();
        REQUIRE(keeper.place());
        CHECK(keeper.inGit());
        world.put(completed);
        CHECK(keeper.keep() == std::string());
    }
    CHECK(world.inStack() == git);
    {
        LockKeeper keeper = world.look();
        REQUIRE(keeper.place());
        CHECK(world.inStack() == completed);
    }
    world.put(lockFile("1.1.0", "\"h1:new\""));
    LockKeeper keeper = world.look("c2");
    REQUIRE(keeper.place());
    CHECK(world.inStack() == lockFile("1.1.0", "\"h1:new\""));
}

TEST_CASE("another selection than Git's is a sentence and is taken back") {
    const World world;
    const std::string git = lockFile("1.0.0", "\"h1:a\"");
    world.put(git);
    LockKeeper keeper = world.look();
    REQUIRE(keeper.place());
    world.put(git +
              "provider \"registry.terraform.io/driftkeeper/new\" {\n  version = \"2.0.0\"\n}\n");
    const auto change = keeper.keep();
    REQUIRE(change);
    CHECK(change->find("driftkeeper/new") != std::string::npos);
    CHECK(world.inStack() == git);
}

TEST_CASE("a provider that nothing uses any more is no change") {
    const World world;
    world.put(lockFile("1.0.0", "\"h1:a\"") +
              "provider \"registry.terraform.io/driftkeeper/old\" {\n  version = \"2.0.0\"\n}\n");
    LockKeeper keeper = world.look();
    REQUIRE(keeper.place());
    world.put(lockFile("1.0.0", "\"h1:a\""));
    CHECK(keeper.keep() == std::string());
}

TEST_CASE("after a kill in the middle of a look the folder is put right") {
    const World world;
    const std::string git = lockFile("1.0.0", "\"h1:a\"");
    for (const std::string& before : {git, std::string()}) {
        if (before.empty())
            std::filesystem::remove(world.scratch.path() / "stack/.terraform.lock.hcl");
        else
            world.put(before);
        const Scratch frozen;  // what is on the disk when the kill comes
        {
            LockKeeper keeper = world.look();
            REQUIRE(keeper.place());
            world.put(lockFile("9.9.9", "\"h1:half\""));
            std::filesystem::copy(world.scratch.path(), frozen.path(),
                                  std::filesystem::copy_options::recursive);
        }
        const LockKeeper keeper(frozen.path() / "stack", frozen.path() / "home", "c1", world.tags);
        CHECK(frozen.read("stack/.terraform.lock.hcl") == before);
        CHECK(keeper.inGit() == !before.empty());
    }
}

TEST_CASE("after a kill a new export is not overwritten with the old lock file") {
    const World world;
    world.put(lockFile("1.0.0", "\"h1:a\""));
    const Scratch frozen;
    {
        LockKeeper keeper = world.look("c1");
        REQUIRE(keeper.place());
        std::filesystem::copy(world.scratch.path(), frozen.path(),
                              std::filesystem::copy_options::recursive);
    }
    frozen.write("stack/.terraform.lock.hcl", lockFile("2.0.0", "\"h1:b\""));
    const LockKeeper keeper(frozen.path() / "stack", frozen.path() / "home", "c2", world.tags);
    CHECK(frozen.read("stack/.terraform.lock.hcl") == lockFile("2.0.0", "\"h1:b\""));
    CHECK(keeper.inGit());
}

}  // namespace lock_keeper_test
