#include "daemon/store/sqlite.hpp"

#include <fstream>

#include "tests/daemon/store/fixture.hpp"

using namespace driftkeeper;
using namespace driftkeeper::testing;

namespace {

constexpr auto ownerOnly = std::filesystem::perms::owner_read | std::filesystem::perms::owner_write;

void damage(const std::filesystem::path& file) {
    std::fstream stream(file, std::ios::in | std::ios::out | std::ios::binary);
    const std::string garbage(static_cast<std::size_t>(std::filesystem::file_size(file)) - 100,
                              'x');
    stream.seekp(100);
    stream << garbage;
}

std::unique_ptr<Store> openWith(const Home& home, const sqlite::OpenOptions& options) {
    return std::make_unique<Store>(must(sqlite::openDirectory(home.directory.path(), options)));
}

}  // namespace

TEST_CASE("the files of the store are for its owner only, also when they were not before") {
    TemporaryDirectory directory;
    std::ofstream(directory.database()).close();
    std::filesystem::permissions(directory.database(), std::filesystem::perms::all);
    Store store(must(sqlite::openDirectory(directory.path())));
    must(store.stacks.keep(stackNamed("a")));
    for (const char* name :
         {"driftkeeper.db", "driftkeeper.db-wal", "driftkeeper.db-shm", "driftkeeper.lock"}) {
        CAPTURE(name);
        CHECK(std::filesystem::status(directory.path() / name).permissions() == ownerOnly);
    }
}

TEST_CASE("a second daemon is told that the store is taken, until the first one is gone") {
    TemporaryDirectory directory;
    auto first = must(sqlite::openDirectory(directory.path()));
    CHECK(codeOf(sqlite::openDirectory(directory.path())) == "store_locked");
    first.reset();
    CHECK(codeOf(sqlite::openDirectory(directory.path())).empty());
}

TEST_CASE("a directory that is not there is a failure, not a crash") {
    TemporaryDirectory directory;
    CHECK(codeOf(sqlite::openDirectory(directory.path() / "missing")) == "store_failed");
}

TEST_CASE("a file that is no database is named as damaged") {
    TemporaryDirectory directory;
    std::ofstream(directory.database()) << std::string(8192, 'x');
    const auto store = Store::open(directory.path());
    CHECK(codeOf(store) == "store_damaged");
    CHECK(store.error().message.find(directory.database().string()) != std::string::npos);
}

TEST_CASE(
    "a database whose pages were overwritten is named as damaged, at the latest when it is read") {
    TemporaryDirectory directory;
    {
        Store store(must(sqlite::openDirectory(directory.path())));
        must(store.stacks.keep(stackNamed("a")));
    }
    damage(directory.database());
    const auto store = Store::open(directory.path());
    CHECK((store ? codeOf((*store)->stacks.list()) : codeOf(store)) == "store_damaged");
}

TEST_CASE("a database of a newer version is left alone") {
    Home home;
    home.store.reset();
    {
        auto connection = must(sqlite::open(home.directory.database()));
        must(connection.script("PRAGMA user_version = 1000"));
    }
    CHECK(codeOf(sqlite::openDirectory(home.directory.path())) == "store_newer");
}

TEST_CASE("a full disk is said, and leaves nothing half-written") {
    Home home;
    const Stack stack = home.stack("a");
    home.store.reset();
    home.store = openWith(home, {.mostPages = 60});
    std::size_t kept = 0;
    Result<Decision> result = Decision{};
    while (result && kept < 10'000) {
        Finding finding = findingOf(stack, "x" + std::to_string(kept));
        finding.drift.attributes[0].live = std::string(3000, '7');
        const Incident incident = incidentAbout(stack.id, {memberOf(finding, stack)});
        result = home->record(checkOf(stack, noon, {finding.drift}),
                              says({.findings = {finding},
                                    .incidents = {incident},
                                    .deliveries = {deliveryOf(incident)}}));
        if (result) ++kept;
    }
    CHECK(codeOf(result) == "store_full");
    CHECK(kept > 0);
    const auto isWhole = [&] {
        return must(home->checks.history(stack.id, 99'999)).size() == kept &&
               must(home->stacks.status(stack.id))->open.size() == kept &&
               must(home->incidents.list(true, 99'999)).size() == kept &&
               must(home->deliveries.list(99'999)).size() == kept;
    };
    CHECK(isWhole());
    home.reopen();
    CHECK(isWhole());
    must(home->record(checkOf(stack), nothing));
}

TEST_CASE("a database that somebody else writes to is said to be busy") {
    Home home;
    home.store.reset();
    home.store = openWith(home, {.busyTimeout = 0ms});
    must(home.connect().transaction(sql::Kind::Write, [&](sql::Connection&) -> Result<void> {
        CHECK(codeOf(home->stacks.keep(stackNamed("a"))) == "store_busy");
        CHECK(must(home->stacks.list()).empty());
        return {};
    }));
}
