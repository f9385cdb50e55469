#include "daemon/git/checkouts.hpp"

#include <doctest/doctest.h>
#include <sys/stat.h>

#include <atomic>
#include <chrono>
#include <thread>

#include "git_lab.hpp"
#include "tests/support/deaf_server.hpp"

using namespace driftkeeper;
using namespace driftkeeper::tests;

namespace fs = std::filesystem;

namespace checkouts_test {
namespace {

struct World {
    Scratch scratch;
    Origin origin{scratch.path() / "origin"};
    Checkouts checkouts{scratch.path() / "git"};
    RepositorySettings repository = repositoryAt(origin.folder());

    std::string sync() {
        const auto snapshot = checkouts.sync(repository, {});
        REQUIRE_MESSAGE(snapshot, (snapshot ? "" : snapshot.error().message));
        return snapshot->commit;
    }
    std::size_t mirrors() const {
        return static_cast<std::size_t>(std::distance(
            fs::directory_iterator(scratch.path() / "git/mirrors"), fs::directory_iterator()));
    }
    fs::path mirror() const {
        return fs::directory_iterator(scratch.path() / "git/mirrors")->path();
    }
};

}  // namespace

TEST_CASE("a sync gives the commit and its configuration files") {
    World world;
    writeFile(world.origin.folder() / "README.md", "x");
    const auto commit = world.origin.commit("prod/main.tf", "text");
    const auto snapshot = world.checkouts.sync(world.repository, {});
    REQUIRE(snapshot);
    CHECK(snapshot->commit == commit);
    REQUIRE(snapshot->files.size() == 1);
    CHECK(snapshot->files[0].path == "prod/main.tf");
    CHECK(snapshot->files[0].text == "text");
    CHECK_FALSE(snapshot->isKnown);
}

TEST_CASE("an export is at the same place for every commit and has no .git") {
    World world;
    const auto stack = stackAt("prod");
    world.origin.commit("prod/main.tf", "1");
    const auto first = world.checkouts.prepare(world.repository, stack, world.sync());
    REQUIRE(first);
    CHECK(readFile(first->directory / "main.tf") == "1");
    CHECK(first->directory == first->root / "prod");
    CHECK_FALSE(fs::exists(first->root / ".git"));
    const auto commit = world.origin.commit("prod/main.tf", "2");
    const auto second = world.checkouts.prepare(world.repository, stack, world.sync());
    REQUIRE(second);
    CHECK(second->root == first->root);
    CHECK(second->commit == commit);
    CHECK(readFile(second->directory / "main.tf") == "2");
    CHECK(second->sourceDigest != first->sourceDigest);
    CHECK(world.checkouts.sourceDigest(world.repository, stack, commit) == second->sourceDigest);
    CHECK(world.checkouts.sourceDigest(world.repository, stack, first->commit) ==
          first->sourceDigest);
}

TEST_CASE("a stack at the root is the export itself") {
    World world;
    world.origin.commit("main.tf", "1");
    const auto source = world.checkouts.prepare(world.repository, stackAt("."), world.sync());
    REQUIRE(source);
    CHECK(source->directory == source->root);
}

TEST_CASE("a stack's folder that the commit does not have") {
    World world;
    world.origin.commit("prod/main.tf", "1");
    const auto commit = world.sync();
    for (const char* path : {"dev", "prod/main.tf", "..", "/etc", "prod/../.."}) {
        CAPTURE(path);
        const auto source = world.checkouts.prepare(world.repository, stackAt(path), commit);
        REQUIRE_FALSE(source);
        CHECK(source.error().code == "git_no_path");
        CHECK_FALSE(world.checkouts.sourceDigest(world.repository, stackAt(path), commit));
    }
    CHECK_FALSE(world.checkouts.prepare(world.repository, stackAt("prod"), "main"));
}

TEST_CASE("what is not written is named") {
    World world;
    fs::create_symlink("/etc/passwd", world.origin.folder() / "out");
    world.origin.commit("prod/main.tf", "1");
    const auto source = world.checkouts.prepare(world.repository, stackAt("prod"), world.sync());
    REQUIRE(source);
    CHECK(source->leftOut == std::vector<std::string>{"out"});
    CHECK(filesBelow(source->root) == "prod/main.tf");
}

TEST_CASE("of a tree with very many files only what the stack may need is written") {
    World world;
    std::string entries;
    const auto blob = world.origin.blob("x");
    for (int i = 10'000; i < 30'001; ++i)
        entries += Origin::entry("100644", std::to_string(i), blob);
    const auto many = world.origin.tree(entries);
    const auto folder = world.origin.tree(Origin::entry("100644", "main.tf", blob));
    world.origin.commitTree(world.origin.tree(
        Origin::entry("40000", "many", many) + Origin::entry("40000", "module", folder) +
        Origin::entry("40000", "prod", folder) + Origin::entry("100644", "root.hcl", blob) +
        Origin::entry("40000", "test", folder)));
    const auto source = world.checkouts.prepare(world.repository,
                                                stackAt("prod", {"prod", "module"}), world.sync());
    REQUIRE(source);
    CHECK(filesBelow(source->root) == "module/main.tf prod/main.tf root.hcl");
}

TEST_CASE("a damaged mirror is made anew") {
    World world;
    const auto stack = stackAt("prod");
    for (int i = 0; i < 50; ++i)
        writeFile(world.origin.folder() / ("prod/f" + std::to_string(i)), std::to_string(i));
    const auto commit = world.origin.commit("prod/main.tf", "1");
    REQUIRE(world.sync() == commit);
    SUBCASE("no refs") {
        fs::remove_all(world.mirror() / "refs");
    }
    SUBCASE("no HEAD") {
        fs::remove(world.mirror() / "HEAD");
    }
    SUBCASE("no objects") {
        fs::remove_all(world.mirror() / "objects");
    }
    SUBCASE("cut packs") {
        shell("chmod -R u+w " + world.mirror().string() + "; for f in " + world.mirror().string() +
              "/objects/pack/*.pack; do truncate -s 100 $f; done");
    }
    SUBCASE("cut indexes") {
        shell("chmod -R u+w " + world.mirror().string() + "; for f in " + world.mirror().string() +
              "/objects/pack/*.idx; do truncate -s 100 $f; done");
    }
    SUBCASE("a broken ref") {
        writeFile(world.mirror() / "refs/driftkeeper/head", "nonsense\n");
    }
    Checkouts restarted(world.scratch.path() / "git");
    const auto snapshot = restarted.sync(world.repository, {});
    REQUIRE_MESSAGE(snapshot, (snapshot ? "" : snapshot.error().message));
    CHECK(snapshot->commit == commit);
    const auto source = restarted.prepare(world.repository, stack, commit);
    REQUIRE_MESSAGE(source, (source ? "" : source.error().message));
    CHECK(readFile(source->directory / "main.tf") == "1");
}

TEST_CASE("a mirror that is found damaged by an export is made anew by the next sync") {
    World world;
    std::string random = shell("head -c 60000 /dev/urandom | base64");
    const auto commit = world.origin.commit("prod/blob", random);
    REQUIRE(world.sync() == commit);
    const auto mirror = world.mirror().string();
    shell("chmod -R u+w " + mirror + "; for f in " + mirror +
          "/objects/pack/*.pack; do printf 'XXXXXXXXXXXXXXXX' | dd of=$f bs=1 seek=30000 "
          "conv=notrunc 2>/dev/null; done");
    Checkouts restarted(world.scratch.path() / "git");
    const auto broken = restarted.prepare(world.repository, stackAt("prod"), commit);
    REQUIRE_FALSE(broken);
    CHECK(broken.error().code == "git_damaged");
    CHECK(broken.error().remedy == Remedy::Retry);
    REQUIRE(restarted.sync(world.repository, {}));
    const auto source = restarted.prepare(world.repository, stackAt("prod"), commit);
    REQUIRE(source);
    CHECK(readFile(source->directory / "blob") == random);
}

TEST_CASE("a changed url is another mirror, and the old one goes when the new one stands") {
    World world;
    world.origin.commit("main.tf", "old");
    world.sync();
    const Origin other(world.scratch.path() / "other");
    auto repository = repositoryAt(other.folder());
    CHECK_FALSE(world.checkouts.sync(repository, {}));  // empty
    CHECK(fs::exists(world.mirror()));
    const auto commit = other.commit("main.tf", "new");
    const auto snapshot = world.checkouts.sync(repository, {});
    REQUIRE(snapshot);
    CHECK(snapshot->commit == commit);
    CHECK(world.mirrors() == 1);
    repository.name = "renamed";
    REQUIRE(world.checkouts.sync(repository, {}));
    CHECK(world.mirrors() == 2);
}

TEST_CASE("a mirror that nobody used for a month goes") {
    World world;
    world.origin.commit("main.tf", "1");
    world.sync();
    const Checkouts soon(world.scratch.path() / "git");
    CHECK(world.mirrors() == 1);
    fs::last_write_time(world.mirror(), fs::file_time_type::clock::now() - std::chrono::days(31));
    const Checkouts later(world.scratch.path() / "git");
    CHECK(world.mirrors() == 0);
}

TEST_CASE("a mirror of very many packs is made anew") {
    World world;
    world.origin.commit("main.tf", "1");
    world.sync();
    const auto packs = world.mirror() / "objects/pack";
    for (int i = 0; i < 201; ++i) writeFile(packs / ("pack-" + std::to_string(i) + ".pack"), "");
    const auto commit = world.origin.commit("main.tf", "2");
    CHECK(world.sync() == commit);
    CHECK(std::distance(fs::directory_iterator(packs), fs::directory_iterator()) < 10);
    CHECK(world.mirrors() == 1);
}

TEST_CASE("the export of a stack that is gone can be removed, also twice") {
    World world;
    world.origin.commit("prod/main.tf", "1");
    const auto stack = stackAt("prod");
    const auto source = world.checkouts.prepare(world.repository, stack, world.sync());
    REQUIRE(source);
    world.checkouts.removeExport(stack.id);
    CHECK_FALSE(fs::exists(source->root.parent_path()));
    world.checkouts.removeExport(stack.id);
}

TEST_CASE("only the daemon may look into mirrors and exports") {
    World world;
    world.origin.commit("main.tf", "1");
    world.sync();
    for (const char* folder : {"git/mirrors", "git/exports"}) {
        struct stat status {};
        REQUIRE(::stat((world.scratch.path() / folder).c_str(), &status) == 0);
        CHECK((status.st_mode & 07777) == 0700);
    }
}

TEST_CASE("many threads sync and prepare at once") {
    World world;
    const Origin second(world.scratch.path() / "second");
    const auto commits =
        std::vector{world.origin.commit("prod/main.tf", "1"), second.commit("prod/main.tf", "2")};
    auto repositories =
        std::vector{repositoryAt(world.origin.folder()), repositoryAt(second.folder())};
    repositories[1].name = "second";
    std::atomic<int> right = 0;
    {
        std::vector<std::jthread> threads;
        for (std::size_t i = 0; i < 8; ++i)
            threads.emplace_back([&, i] {
                auto stack = stackAt("prod");
                stack.id = "stack-" + std::to_string(i);
                for (int round = 0; round < 3; ++round) {
                    const auto snapshot = world.checkouts.sync(repositories[i % 2], {});
                    if (!snapshot || snapshot->commit != commits[i % 2]) continue;
                    const auto source =
                        world.checkouts.prepare(repositories[i % 2], stack, snapshot->commit);
                    if (source &&
                        readFile(source->directory / "main.tf") == (i % 2 == 0 ? "1" : "2"))
                        ++right;
                }
            });
    }
    CHECK(right.load() == 24);
}

TEST_CASE("a stop that was asked for before ends a sync over the network at once") {
    World world;
    const DeafServer deaf;
    std::stop_source stop;
    stop.request_stop();
    const auto snapshot = world.checkouts.sync(
        repositoryAt("ssh://127.0.0.1:" + std::to_string(deaf.port()) + "/x"), stop.get_token());
    REQUIRE_FALSE(snapshot);
    CHECK(snapshot.error().code == "git_timeout");
}

}  // namespace checkouts_test
