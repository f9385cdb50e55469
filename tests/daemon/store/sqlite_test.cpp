#include "daemon/store/sqlite.hpp"

#include "tests/daemon/store/fixture.hpp"

using namespace driftkeeper;
using namespace driftkeeper::testing;
using sql::Connection;
using sql::Kind;

namespace sqlite_test {
namespace {

struct Database {
    TemporaryDirectory directory;
    Connection connection = connectTo(directory.path());

    Database() { must(connection.script("CREATE TABLE t (k TEXT PRIMARY KEY, v INTEGER) STRICT")); }
    [[nodiscard]] Connection another(sqlite::OpenOptions options = {}) const {
        return must(sqlite::open(directory.database(), options));
    }
};

}  // namespace

TEST_CASE("a second writer gets store_busy") {
    Database database;
    auto other = database.another({.busyTimeout = 0ms});
    const auto nothingMore = [](Connection&) -> Result<void> { return {}; };
    must(database.connection.transaction(Kind::Write, [&](Connection&) -> Result<void> {
        CHECK(codeOf(other.transaction(Kind::Write, nothingMore)) == "store_busy");
        return {};
    }));
    CHECK(codeOf(other.transaction(Kind::Write, nothingMore)).empty());
}

TEST_CASE("a connection that reads only cannot write") {
    Database database;
    auto reader = database.another({.readOnly = true});
    CHECK(codeOf(reader.run("INSERT INTO t VALUES ('a', 1)")) == "store_failed");
}

TEST_CASE("a text where a number belongs is refused, and not shown") {
    Database database;
    const auto failed = database.connection.run("INSERT INTO t VALUES ('x', $1)", {"canary"});
    CHECK(codeOf(failed) == "store_failed");
    CHECK(failed.error().message.find("canary") == std::string::npos);
}

TEST_CASE("a file that is not there is a failure") {
    TemporaryDirectory directory;
    CHECK(codeOf(sqlite::open(directory.path() / "missing.db")) == "store_failed");
}

TEST_CASE("what is committed is synced to the disk, and foreign keys hold") {
    Database database;
    CHECK(must(database.connection.row("PRAGMA journal_mode", {}, sql::firstText)) == "wal");
    CHECK(must(database.connection.number("PRAGMA synchronous")) == 2);
    CHECK(must(database.connection.number("PRAGMA foreign_keys")) == 1);
}

}  // namespace sqlite_test
