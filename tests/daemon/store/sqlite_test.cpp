#include "daemon/store/sqlite.hpp"

#include <fstream>

#include "tests/daemon/store/fixture.hpp"

using namespace driftkeeper;
using namespace driftkeeper::testing;
using sqlite::Connection;
using sqlite::Row;
using sqlite::Transaction;

namespace sqlite_test {
namespace {

struct Database {
    TemporaryDirectory directory;
    Connection connection = fresh();

    [[nodiscard]] Connection another(sqlite::OpenOptions options = {}) const {
        return must(Connection::open(directory.database(), options));
    }

private:
    [[nodiscard]] Connection fresh() const {
        std::ofstream(directory.database()).close();
        auto opened = another();
        must(opened.script("CREATE TABLE t (k TEXT PRIMARY KEY, v INTEGER) STRICT"));
        return opened;
    }
};

Result<std::string> textOf(const Row& row) {
    return row.text(0);
}

}  // namespace

TEST_CASE("values come back as they went in") {
    Database database;
    const std::string text("a\0ü", 4);
    const auto back =
        must(database.connection.row("SELECT ?, ?, ?, ?, ?, ?", {text, "", -7, noon, std::optional<TimePoint>(), true},
                                     [&](const Row& row) -> Result<bool> {
                                         CHECK(row.text(0) == text);
                                         CHECK(row.text(1).empty());
                                         CHECK(!row.isNull(1));
                                         CHECK(row.integer(2) == -7);
                                         CHECK(row.time(3) == noon);
                                         CHECK(row.isNull(4));
                                         CHECK(!row.optionalTime(4));
                                         return row.truth(5);
                                     }));
    CHECK(back == true);
}

TEST_CASE("a statement can be used again with other values") {
    Database database;
    for (const char* key : {"a", "b"})
        CHECK(must(database.connection.run("INSERT INTO t VALUES (?, ?)", {key, 1})) == 1);
    CHECK(must(database.connection.rows("SELECT k FROM t ORDER BY k", {}, textOf)) == Names{"a", "b"});
    CHECK(must(database.connection.run("UPDATE t SET v = 2", {})) == 2);
    CHECK(must(database.connection.number("SELECT sum(v) FROM t")) == 4);
}

TEST_CASE("the first row that cannot be made ends the reading, and the connection stays usable") {
    Database database;
    must(database.connection.script("INSERT INTO t VALUES ('a', 1), ('b', 2)"));
    int seen = 0;
    const auto rows = database.connection.rows("SELECT k FROM t", {}, [&](const Row&) -> Result<int> {
        ++seen;
        return sqlite::unreadable("thing");
    });
    CHECK(codeOf(rows) == "store_damaged");
    CHECK(seen == 1);
    CHECK(must(database.connection.rows("SELECT k FROM t", {}, textOf)).size() == 2);
}

TEST_CASE("a transaction that is not committed never was") {
    Database database;
    {
        auto transaction = must(Transaction::begin(database.connection, Transaction::Kind::Write));
        must(database.connection.run("INSERT INTO t VALUES ('a', 1)"));
        CHECK(database.connection.inTransaction());
    }
    CHECK(!database.connection.inTransaction());
    CHECK(must(database.connection.number("SELECT count(*) FROM t")) == 0);
    {
        auto transaction = must(Transaction::begin(database.connection, Transaction::Kind::Write));
        must(database.connection.run("INSERT INTO t VALUES ('a', 1)"));
        must(transaction.commit());
    }
    CHECK(must(database.another().number("SELECT count(*) FROM t")) == 1);
}

TEST_CASE("a second writer gets store_busy, a reader sees what was before") {
    Database database;
    auto other = database.another({.busyTimeout = 0ms});
    auto transaction = must(Transaction::begin(database.connection, Transaction::Kind::Write));
    must(database.connection.run("INSERT INTO t VALUES ('a', 1)"));
    CHECK(codeOf(Transaction::begin(other, Transaction::Kind::Write)) == "store_busy");
    CHECK(must(other.number("SELECT count(*) FROM t")) == 0);
}

TEST_CASE("a connection that reads only cannot write") {
    Database database;
    auto reader = database.another({.readOnly = true});
    CHECK(codeOf(reader.run("INSERT INTO t VALUES ('a', 1)")) == "store_failed");
}

TEST_CASE("an error says what kind of thing is wrong and never shows a value") {
    Database database;
    must(database.connection.run("INSERT INTO t VALUES ('canary', 1)"));
    for (const char* sql : {"INSERT INTO t VALUES (?, 1)", "INSERT INTO t VALUES ('x', ?)"}) {
        const auto failed = database.connection.run(sql, {"canary"});
        CHECK(codeOf(failed) == "store_failed");
        CHECK(failed.error().message.find("canary") == std::string::npos);
    }
    CHECK(codeOf(database.connection.run("SELECT nonsense")) == "store_failed");
    CHECK(codeOf(Connection::open(database.directory.path() / "missing.db", {})) == "store_failed");
}

TEST_CASE("what is committed is synced to the disk, and foreign keys hold") {
    Database database;
    CHECK(must(database.connection.row("PRAGMA journal_mode", {}, textOf)) == "wal");
    CHECK(must(database.connection.number("PRAGMA synchronous")) == 2);
    CHECK(must(database.connection.number("PRAGMA foreign_keys")) == 1);
}

}  // namespace sqlite_test
