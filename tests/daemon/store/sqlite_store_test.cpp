#include "daemon/store/sqlite_store.hpp"

#include <algorithm>
#include <atomic>
#include <fstream>
#include <thread>

#include "tests/daemon/store/fixture.hpp"

using namespace driftkeeper;
using namespace driftkeeper::testing;

namespace sqlite_store_test {
namespace {

constexpr auto ownerOnly = std::filesystem::perms::owner_read | std::filesystem::perms::owner_write;

void damage(const std::filesystem::path& file) {
    std::fstream stream(file, std::ios::in | std::ios::out | std::ios::binary);
    const std::string garbage(static_cast<std::size_t>(std::filesystem::file_size(file)) - 100, 'x');
    stream.seekp(100);
    stream << garbage;
}

}  // namespace

TEST_CASE("the files of the store are for its owner only, also when they were not before") {
    TemporaryDirectory directory;
    std::ofstream(directory.database()).close();
    std::filesystem::permissions(directory.database(), std::filesystem::perms::all);
    const auto store = must(openSqliteStore(directory.path()));
    must(store->keepStack(stackNamed("a")));
    for (const char* name : {"driftkeeper.db", "driftkeeper.db-wal", "driftkeeper.db-shm", "driftkeeper.lock"}) {
        CAPTURE(name);
        CHECK(std::filesystem::status(directory.path() / name).permissions() == ownerOnly);
    }
}

TEST_CASE("a second daemon is told that the store is taken, until the first one is gone") {
    TemporaryDirectory directory;
    auto first = must(openSqliteStore(directory.path()));
    CHECK(codeOf(openSqliteStore(directory.path())) == "store_locked");
    first.reset();
    CHECK(codeOf(openSqliteStore(directory.path())).empty());
}

TEST_CASE("a directory that is not there is a failure, not a crash") {
    TemporaryDirectory directory;
    CHECK(codeOf(openSqliteStore(directory.path() / "missing")) == "store_failed");
}

TEST_CASE("a file that is no database is named as damaged") {
    TemporaryDirectory directory;
    std::ofstream(directory.database()) << std::string(8192, 'x');
    const auto store = openSqliteStore(directory.path());
    CHECK(codeOf(store) == "store_damaged");
    CHECK(store.error().message.find(directory.database().string()) != std::string::npos);
}

TEST_CASE("a database whose pages were overwritten is named as damaged, at the latest when it is read") {
    TemporaryDirectory directory;
    {
        const auto store = must(openSqliteStore(directory.path()));
        must(store->keepStack(stackNamed("a")));
    }
    damage(directory.database());
    const auto store = openSqliteStore(directory.path());
    CHECK((store ? codeOf((*store)->stacks()) : codeOf(store)) == "store_damaged");
}

TEST_CASE("a row that cannot be read is named as damaged") {
    Home home;
    const Stack stack = home.stack("a");
    must(home->record(checkOf(stack), nothing));
    auto other = must(sqlite::Connection::open(home.directory.database(), {}));
    must(other.script("UPDATE checks SET report = '{'"));
    CHECK(codeOf(home->history(stack.id, 9)) == "store_damaged");
    CHECK(codeOf(home->statuses()) == "store_damaged");
}

TEST_CASE("a database of a newer version is left alone") {
    Home home;
    home.store.reset();
    {
        auto connection = must(sqlite::Connection::open(home.directory.database(), {}));
        must(connection.script("PRAGMA user_version = 1000"));
    }
    CHECK(codeOf(openSqliteStore(home.directory.path())) == "store_newer");
}

TEST_CASE("a full disk is said, and leaves nothing half-written") {
    Home home;
    const Stack stack = home.stack("a");
    home.store.reset();
    home.store = must(SqliteStore::open(home.directory.path(), {.mostPages = 60}));
    std::size_t kept = 0;
    Result<Decision> result = Decision{};
    while (result && kept < 10'000) {
        Finding finding = findingOf(stack, "x" + std::to_string(kept));
        finding.drift.attributes[0].live = std::string(3000, '7');
        const Incident incident = incidentAbout(stack.id, {memberOf(finding, stack)});
        result =
            home->record(checkOf(stack, noon, {finding.drift}),
                         says({.findings = {finding}, .incidents = {incident}, .deliveries = {deliveryOf(incident)}}));
        if (result) ++kept;
    }
    CHECK(codeOf(result) == "store_full");
    CHECK(kept > 0);
    const auto isWhole = [&] {
        return must(home->history(stack.id, 99'999)).size() == kept &&
               must(home->status(stack.id))->open.size() == kept &&
               must(home->incidents(true, 99'999)).size() == kept && must(home->outbox(99'999)).size() == kept;
    };
    CHECK(isWhole());
    home.reopen();
    CHECK(isWhole());
    must(home->record(checkOf(stack), nothing));
}

TEST_CASE("a database that somebody else writes to is said to be busy") {
    Home home;
    home.store.reset();
    home.store = must(SqliteStore::open(home.directory.path(), {.busyTimeout = 0ms}));
    auto other = must(sqlite::Connection::open(home.directory.database(), {}));
    const auto transaction = must(sqlite::Transaction::begin(other, sqlite::Transaction::Kind::Write));
    CHECK(codeOf(home->keepStack(stackNamed("a"))) == "store_busy");
    CHECK(must(home->stacks()).empty());
}

TEST_CASE("a constant is made once and stays, whatever bytes it has") {
    Home home;
    const std::string key("\0\xff\n key", 7);
    CHECK(must(home->constant("key", [&] { return key; })) == key);
    home.reopen();
    CHECK(must(home->constant("key", []() -> std::string {
              FAIL("made twice");
              return "";
          })) == key);
    CHECK(must(home->constant("other", [] { return std::string(); })).empty());
}

TEST_CASE("a decision that throws leaves nothing behind and the store usable") {
    Home home;
    const Stack stack = home.stack("a");
    CHECK_THROWS_AS((void)home->record(checkOf(stack), [](const Memory&) -> Decision { throw 1; }), int);
    CHECK(must(home->history(stack.id, 9)).empty());
    must(home->record(checkOf(stack), nothing));
}

TEST_CASE("opening again finds everything, and nothing is checked out for good") {
    Home home;
    const Stack stack = home.stack("a");
    const Finding finding = findingOf(stack, "x");
    const Incident incident = incidentAbout(stack.id, {memberOf(finding, stack)});
    must(home->record(checkOf(stack, noon, {finding.drift}),
                      says({.findings = {finding}, .incidents = {incident}, .deliveries = {deliveryOf(incident)}})));
    home.reopen();
    CHECK(must(home->statuses()).at(0).open.size() == 1);
    CHECK(must(home->incidents(true, 9)).at(0).members.size() == 1);
    CHECK(must(home->dueDeliveries("chat", noon, 9)).size() == 1);
}

TEST_CASE("threads that record and read at once see whole decisions only") {
    Home home;
    constexpr int writers = 3;
    constexpr int checksEach = 25;
    std::vector<Stack> stacks;
    for (int i = 0; i < writers; ++i) stacks.push_back(home.stack("s" + std::to_string(i)));
    std::atomic<int> failures = 0;
    std::atomic<int> writing = writers;
    {
        std::vector<std::jthread> threads;
        for (const Stack& stack : stacks)
            threads.emplace_back([&] {
                for (int i = 0; i < checksEach; ++i) {
                    const std::string name = stack.name + "-" + std::to_string(i);
                    Check check;
                    check.id = "check-" + name;
                    check.stackId = stack.id;
                    check.report.drifts = {driftAt(name)};
                    Finding finding;
                    finding.id = name;
                    finding.stackId = stack.id;
                    finding.drift = driftAt(name);
                    finding.confirmedAt = noon;
                    if (!home->record(check, says({.findings = {finding}}))) ++failures;
                }
                --writing;
            });
        for (int i = 0; i < 2; ++i)
            threads.emplace_back([&] {
                while (writing > 0) {
                    const auto statuses = home->statuses();
                    if (!statuses) {
                        ++failures;
                        continue;
                    }
                    for (const StackStatus& status : *statuses)
                        if (static_cast<int>(status.open.size()) != status.failures) ++failures;
                }
            });
    }
    CHECK(failures == 0);
    for (const Stack& stack : stacks) CHECK(must(home->history(stack.id, 999)).size() == checksEach);
}

}  // namespace sqlite_store_test
