#include "daemon/store/sql.hpp"

#include "tests/daemon/store/fixture.hpp"

using namespace driftkeeper;
using namespace driftkeeper::testing;
using sql::Connection;
using sql::Kind;
using sql::Row;

// What every engine promises.
namespace {

struct Tables {
    TemporaryDirectory directory;
    Connection connection = connectTo(directory.path());

    Tables() { must(connection.script("CREATE TABLE t (k TEXT PRIMARY KEY, v BIGINT)")); }
    [[nodiscard]] Connection another() const { return connectTo(directory.path()); }
    [[nodiscard]] std::int64_t count() { return must(connection.number("SELECT count(*) FROM t")); }
};

Result<void> insert(Connection& connection, std::string_view key, int value) {
    return sql::done(connection.run("INSERT INTO t (k, v) VALUES ($1, $2)", {key, value}));
}

}  // namespace

TEST_CASE("values come back as they went in") {
    Tables tables;
    const std::string text("a\0ü", 4);
    constexpr std::string_view query = R"(
        SELECT CAST($1 AS TEXT), CAST($2 AS TEXT), $3 + 0, $4 + 0, CAST($5 AS BIGINT), $6 + 0)";
    const auto back =
        must(tables.connection.row(query, {text, "", -7, noon, std::optional<TimePoint>(), true},
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

TEST_CASE("a parameter stands for its own value, in any order and more than once") {
    Tables tables;
    const auto back =
        must(tables.connection.row("SELECT $2 || $1 || $2", {"a", "b"}, sql::firstText));
    CHECK(back == "bab");
    const auto chosen =
        must(tables.connection.number("SELECT CASE WHEN $3 > $1 THEN $2 ELSE 0 END", {1, 2, 3}));
    CHECK(chosen == 2);
}

TEST_CASE("a parameter can stand for a list, also an empty one") {
    Tables tables;
    for (const char* key : {"a", "b", "c"}) must(insert(tables.connection, key, 1));
    const std::string query = "SELECT k FROM t WHERE k IN (" + tables.connection.elements("$1") +
                              ") AND k <> $2 ORDER BY k";
    const Names wanted{"c", "a", "with \"quotes\", and commas", "b"};
    CHECK(must(tables.connection.rows(query, {wanted, "b"}, sql::firstText)) == Names{"a", "c"});
    CHECK(must(tables.connection.rows(query, {Names{}, "b"}, sql::firstText)).empty());
}

TEST_CASE("a statement can be used again with other values") {
    Tables tables;
    for (const char* key : {"a", "b"})
        CHECK(must(tables.connection.run("INSERT INTO t (k, v) VALUES ($1, $2)", {key, 1})) == 1);
    CHECK(must(tables.connection.rows("SELECT k FROM t ORDER BY k", {}, sql::firstText)) ==
          Names{"a", "b"});
    CHECK(must(tables.connection.run("UPDATE t SET v = 2")) == 2);
    CHECK(must(tables.connection.number("SELECT sum(v) FROM t")) == 4);
}

TEST_CASE("a row that is as before does not count as changed") {
    Tables tables;
    constexpr std::string_view upsert = R"(
        INSERT INTO t (k, v) VALUES ($1, $2)
        ON CONFLICT (k) DO UPDATE SET v = excluded.v WHERE t.v <> excluded.v)";
    CHECK(must(tables.connection.run(upsert, {"a", 1})) == 1);
    CHECK(must(tables.connection.run(upsert, {"a", 1})) == 0);
    CHECK(must(tables.connection.run(upsert, {"a", 2})) == 1);
}

TEST_CASE("the first row that cannot be made ends the reading, and the connection stays usable") {
    Tables tables;
    must(tables.connection.script("INSERT INTO t (k, v) VALUES ('a', 1), ('b', 2)"));
    int seen = 0;
    const auto rows = tables.connection.rows("SELECT k FROM t", {}, [&](const Row&) -> Result<int> {
        ++seen;
        return sql::unreadable("thing");
    });
    CHECK(codeOf(rows) == "store_damaged");
    CHECK(seen == 1);
    CHECK(must(tables.connection.rows("SELECT k FROM t", {}, sql::firstText)).size() == 2);
}

TEST_CASE("a transaction whose work succeeds is there for everybody") {
    Tables tables;
    const auto work = [](Connection& it) -> Result<int> {
        CHECK(it.inTransaction());
        must(insert(it, "a", 1));
        return 7;
    };
    CHECK(must(tables.connection.transaction(Kind::Write, work)) == 7);
    CHECK(!tables.connection.inTransaction());
    CHECK(must(tables.another().number("SELECT count(*) FROM t")) == 1);
}

TEST_CASE("a transaction whose work fails or throws never was") {
    Tables tables;
    const auto failing = [](Connection& it) -> Result<void> {
        must(insert(it, "a", 1));
        return failure(Remedy::Report, "no_more", "no more");
    };
    CHECK(codeOf(tables.connection.transaction(Kind::Write, failing)) == "no_more");
    const auto throwing = [](Connection& it) -> Result<void> {
        must(insert(it, "b", 1));
        throw 1;
    };
    CHECK_THROWS_AS((void)tables.connection.transaction(Kind::Write, throwing), int);
    CHECK(!tables.connection.inTransaction());
    CHECK(tables.count() == 0);
}

TEST_CASE("a reader sees what was there before a transaction that goes on") {
    Tables tables;
    auto other = tables.another();
    must(tables.connection.transaction(Kind::Write, [&](Connection& it) -> Result<void> {
        must(insert(it, "a", 1));
        CHECK(must(other.number("SELECT count(*) FROM t")) == 0);
        return {};
    }));
    CHECK(must(other.number("SELECT count(*) FROM t")) == 1);
}

TEST_CASE("an error says what kind of thing is wrong and never shows a value") {
    Tables tables;
    must(insert(tables.connection, "canary", 1));
    const auto failed = insert(tables.connection, "canary", 1);
    CHECK(codeOf(failed) == "store_failed");
    CHECK(failed.error().message.find("canary") == std::string::npos);
    CHECK(codeOf(tables.connection.run("SELECT nonsense")) == "store_failed");
}
