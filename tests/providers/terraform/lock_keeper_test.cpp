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
    LockKeeper look() const {
        return LockKeeper(scratch.path() / "stack/.terraform.lock.hcl", scratch.path() / "home", {},
                          tags);
    }
    void put(const std::string& text) const { scratch.write("stack/.terraform.lock.hcl", text); }
    void remove() const { std::filesystem::remove(scratch.path() / "stack/.terraform.lock.hcl"); }
    [[nodiscard]] std::string inStack() const { return scratch.read("stack/.terraform.lock.hcl"); }
};

}  // namespace

TEST_CASE("what init chose for want of a lock file is kept for the next look") {
    const World world;
    {
        LockKeeper keeper = world.look();
        REQUIRE(keeper.place());
        CHECK_FALSE(keeper.inGit());
        CHECK(keeper.digest().empty());
        world.put(lockFile("1.0.0", "\"h1:a\""));
        CHECK(keeper.keep() == std::string());
    }
    world.remove();  // as the next look has it
    LockKeeper next = world.look();
    REQUIRE(next.place());
    CHECK(world.inStack() == lockFile("1.0.0", "\"h1:a\""));
    CHECK(next.selections().at("registry.terraform.io/driftkeeper/box").version == "1.0.0");
}

TEST_CASE("what was chosen is forgotten where it lies, also over a checkout") {
    const World world;
    const Sandbox::Tree tree{world.scratch.folder("stack"), "/src/infra",
                             world.scratch.folder("laid")};
    const auto look = [&] {
        return LockKeeper("/src/infra/.terraform.lock.hcl", world.scratch.path() / "home", {tree},
                          world.tags);
    };
    world.scratch.folder("laid/upper");
    world.scratch.write("home/none.hcl", lockFile("1.0.0", "\"h1:a\""));
    LockKeeper keeper = look();
    REQUIRE(keeper.place());
    CHECK_FALSE(keeper.text().empty());
    keeper.forget();
    CHECK(keeper.text().empty());
    LockKeeper next = look();
    REQUIRE(next.place());
    CHECK(next.text().empty());
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
    world.put(git);
    {
        LockKeeper keeper = world.look();
        REQUIRE(keeper.place());
        CHECK(world.inStack() == completed);
    }
    world.put(lockFile("1.1.0", "\"h1:new\""));
    LockKeeper keeper = world.look();
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

TEST_CASE("in a room the file is laid over the checkout, which stays as it is") {
    const World world;
    world.scratch.write("checkout/app/.terraform.lock.hcl", lockFile("1.0.0", "\"h1:other\""));
    const Sight sight{Sandbox::Tree{world.scratch.path() / "checkout", "/src/infra",
                                    world.scratch.path() / "laid"}};
    const auto look = [&] {
        return LockKeeper("/src/infra/app/.terraform.lock.hcl", world.scratch.path() / "home",
                          sight, world.tags);
    };
    const std::string completed = lockFile("1.0.0", "\"h1:other\", \"h1:mine\"");
    {
        LockKeeper keeper = look();
        REQUIRE(keeper.place());
        CHECK(keeper.inGit());
        world.scratch.write("laid/upper/app/.terraform.lock.hcl", completed);
        CHECK(keeper.keep() == std::string());
    }
    std::filesystem::remove_all(world.scratch.path() / "laid");
    LockKeeper keeper = look();
    REQUIRE(keeper.place());
    CHECK(keeper.text() == completed);
    CHECK(world.scratch.read("checkout/app/.terraform.lock.hcl") ==
          lockFile("1.0.0", "\"h1:other\""));
}

}  // namespace lock_keeper_test
