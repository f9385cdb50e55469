#include "daemon/git/checkouts.hpp"

#include <doctest/doctest.h>
#include <sys/stat.h>

#include <atomic>
#include <chrono>
#include <thread>

#include "daemon/git/checkout.hpp"
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
    Export copy(const Stack& stack, const std::string& commit) {
        const auto shared = checkouts.prepare(repository, stack, commit);
        REQUIRE_MESSAGE(shared, (shared ? "" : shared.error().message));
        auto copied = checkouts.ownCopy(stack, *shared);
        REQUIRE_MESSAGE(copied, (copied ? "" : copied.error().message));
        return *std::move(copied);
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

TEST_CASE("all stacks of a commit share one checkout, which has no .git") {
    World world;
    world.origin.commit("dev/main.tf", "1");
    const auto commit = world.origin.commit("prod/main.tf", "1");
    REQUIRE(world.sync() == commit);
    const auto dev = world.checkouts.prepare(world.repository, stackAt("dev"), commit);
    const auto prod = world.checkouts.prepare(world.repository, stackAt("prod"), commit);
    REQUIRE(dev);
    REQUIRE(prod);
    CHECK(prod->root == dev->root);
    CHECK(prod->directory == prod->root / "prod");
    CHECK(filesBelow(prod->root) == "dev/main.tf prod/main.tf");
}

TEST_CASE("a stack's own copy is at the same place for every commit") {
    World world;
    const auto stack = stackAt("prod");
    world.origin.commit("prod/main.tf", "1");
    const auto first = world.copy(stack, world.sync());
    CHECK(readFile(first.directory / "main.tf") == "1");
    CHECK(first.directory == first.root / "prod");
    const auto commit = world.origin.commit("prod/main.tf", "2");
    const auto second = world.copy(stack, world.sync());
    CHECK(second.root == first.root);
    CHECK(second.commit == commit);
    CHECK(readFile(second.directory / "main.tf") == "2");
    CHECK(second.sourceDigest != first.sourceDigest);
    CHECK(world.checkouts.sourceDigest(world.repository, stack, commit) == second.sourceDigest);
    CHECK(world.checkouts.sourceDigest(world.repository, stack, first.commit) ==
          first.sourceDigest);
}

TEST_CASE("what a tool wrote into its copy is gone at the next look, and never in the checkout") {
    World world;
    const auto stack = stackAt("prod");
    const auto commit = world.origin.commit("prod/main.tf", "good");
    REQUIRE(world.sync() == commit);
    const auto source = world.copy(stack, commit);
    writeFile(source.directory / "main.tf", "evil");
    writeFile(source.directory / "lambda.zip", "made by a plan");
    CHECK(readFile(source.checkout->root / "prod/main.tf") == "good");
    world.copy(stack, commit);
    CHECK_FALSE(fs::exists(source.directory / "lambda.zip"));
    CHECK(readFile(source.directory / "main.tf") == "good");
}

TEST_CASE("a copy, and what is laid over a checkout, answers who asks Git where it is") {
    World world;
    const auto stack = stackAt("prod");
    world.origin.commit("prod/main.tf", "1");
    const auto commit = world.sync();
    const auto shared = world.checkouts.prepare(world.repository, stack, commit);
    REQUIRE(shared);
    fs::path root;
    SUBCASE("a copy") {
        root = world.copy(stack, commit).root;
    }
    SUBCASE("what is laid over") {
        const auto scratch = world.checkouts.emptyScratch(stack, *shared);
        REQUIRE(scratch);
        root = *scratch / "upper";
    }
    const std::string git = "git -C " + root.string() + " ";
    CHECK(shell(git + "rev-parse --show-toplevel HEAD") == root.string() + "\n" + commit);
    CHECK(shell(git + "rev-parse --abbrev-ref HEAD") == "main");
    CHECK(shell(git + "log -1 --format=%H -- prod/main.tf") == commit);
    CHECK(shell(git + "describe --always") == commit.substr(0, 7));
    CHECK(shell(git + "config remote.origin.url") == world.origin.folder().string());
}

TEST_CASE("a new checkout writes what changed and shares the rest with the one before") {
    World world;
    writeFile(world.origin.folder() / "kept", "1");
    writeFile(world.origin.folder() / "moves/here", "2");
    const auto first = world.origin.commit("prod/main.tf", "1");
    REQUIRE(world.sync() == first);
    auto before = world.checkouts.prepare(world.repository, stackAt("prod"), first);
    REQUIRE(before);
    fs::create_directories(world.origin.folder() / "there");
    fs::rename(world.origin.folder() / "moves/here", world.origin.folder() / "there/moved");
    const auto second = world.origin.commit("prod/main.tf", "3");
    REQUIRE(world.sync() == second);
    const auto after = world.checkouts.prepare(world.repository, stackAt("prod"), second);
    REQUIRE(after);
    CHECK(fs::equivalent(before->root / "kept", after->root / "kept"));
    CHECK(fs::equivalent(before->root / "moves/here", after->root / "there/moved"));
    CHECK(readFile(before->root / "prod/main.tf") == "1");
    CHECK(readFile(after->root / "prod/main.tf") == "3");
    CHECK(after->checkout->writtenBytes == 1);

    SUBCASE("who still uses the old one keeps it") {
        world.sync();
        world.checkouts.finishRemoving();
        CHECK(readFile(before->root / "prod/main.tf") == "1");
    }
    SUBCASE("else it goes, and what is shared stays") {
        const auto gone = before->root;
        before->checkout.reset();
        world.sync();
        world.checkouts.finishRemoving();
        CHECK_FALSE(fs::exists(gone));
        CHECK(readFile(after->root / "kept") == "1");
        CHECK(world.checkouts.diskUsed() == after->checkout->allBytes);
    }
}

TEST_CASE("after a restart the checkout that is there is used again") {
    World world;
    const auto commit = world.origin.commit("prod/main.tf", "1");
    REQUIRE(world.sync() == commit);
    const auto before = world.checkouts.prepare(world.repository, stackAt("prod"), commit);
    REQUIRE(before);
    Checkouts restarted(world.scratch.path() / "git");
    REQUIRE(restarted.sync(world.repository, {}));
    const auto after = restarted.prepare(world.repository, stackAt("prod"), commit);
    REQUIRE(after);
    CHECK(after->root == before->root);
    CHECK(after->checkout->writtenBytes == 0);
    CHECK(readFile(after->directory / "main.tf") == "1");
}

TEST_CASE("a limit of the disk that checkouts use is held, and named") {
    World world;
    world.origin.commit("big", std::string(5000, 'x'));
    const auto commit = world.sync();
    world.checkouts.setDiskLimit(4000);
    const auto refused = world.checkouts.prepare(world.repository, stackAt("."), commit);
    REQUIRE_FALSE(refused);
    CHECK(refused.error().code == "checkout_limit");
    CHECK(refused.error().remedy == Remedy::FixSetup);
    world.checkouts.setDiskLimit(6000);
    const auto source = world.checkouts.prepare(world.repository, stackAt("."), commit);
    REQUIRE(source);
    CHECK(world.checkouts.diskUsed() == 5000);
    const auto copy = world.checkouts.ownCopy(stackAt("."), *source);
    REQUIRE_FALSE(copy);
    CHECK(copy.error().code == "checkout_limit");
}

TEST_CASE("what looks write over a checkout counts until it is removed") {
    World world;
    const auto commit = world.origin.commit("prod/main.tf", "1");
    REQUIRE(world.sync() == commit);
    Stack one = stackAt("prod");
    one.id = "one";
    Stack two = stackAt("prod");
    two.id = "two";
    const auto source = world.checkouts.prepare(world.repository, one, commit);
    REQUIRE(source);
    const auto before = world.checkouts.diskUsed();
    world.checkouts.setDiskLimit(before + 500'000);
    const auto scratch = world.checkouts.emptyScratch(one, *source);
    REQUIRE(scratch);
    writeFile(*scratch / "upper/large", std::string(600'000, 'x'));
    CHECK(world.checkouts.diskUsed() >= before + 600'000);
    const auto refused = world.checkouts.emptyScratch(two, *source);
    REQUIRE_FALSE(refused);
    CHECK(refused.error().code == "checkout_limit");
    world.checkouts.removeScratch("one");
    CHECK(world.checkouts.diskUsed() == before);
    CHECK(world.checkouts.emptyScratch(two, *source));
}

TEST_CASE("exports of an earlier version go at the start") {
    const Scratch scratch;
    const auto old = scratch.path() / "git/exports/0b5e6c0e-8f0e-4f6e-9d3e-3f2a1b0c9d8e";
    writeFile(old / "src/main.tf", "x");
    writeFile(old / "index", "driftkeeper export 1");
    Checkouts checkouts(scratch.path() / "git");
    checkouts.finishRemoving();
    CHECK_FALSE(fs::exists(old));
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

TEST_CASE("a tree with very many files is written as any other") {
    World world;
    std::string entries;
    const auto blob = world.origin.blob("x");
    for (int i = 10'000; i < 30'001; ++i)
        entries += Origin::entry("100644", std::to_string(i), blob);
    const auto many = world.origin.tree(entries);
    const auto folder = world.origin.tree(Origin::entry("100644", "main.tf", blob));
    world.origin.commitTree(world.origin.tree(Origin::entry("40000", "many", many) +
                                              Origin::entry("40000", "prod", folder)));
    const auto source = world.checkouts.prepare(world.repository, stackAt("prod"), world.sync());
    REQUIRE(source);
    CHECK(readFile(source->root / "many/30000") == "x");
    CHECK(source->checkout->files.size() == 20'002);
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

TEST_CASE("the copy of a stack that is gone can be removed, also twice") {
    World world;
    world.origin.commit("prod/main.tf", "1");
    const auto stack = stackAt("prod");
    const auto source = world.copy(stack, world.sync());
    world.checkouts.removeOwn(stack.id);
    CHECK_FALSE(fs::exists(source.root.parent_path()));
    world.checkouts.removeOwn(stack.id);
}

TEST_CASE("only the daemon may look into mirrors, checkouts and copies") {
    World world;
    world.origin.commit("main.tf", "1");
    world.sync();
    for (const char* folder : {"git/mirrors", "git/exports", "git/copies"}) {
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
