#include "daemon/store/sqlite_schema.hpp"

#include <array>
#include <fstream>

#include "daemon/store/sqlite.hpp"
#include "tests/daemon/store/fixture.hpp"

using namespace driftkeeper;
using namespace driftkeeper::testing;
using namespace driftkeeper::sqlite;
using sql::Connection;

namespace schema_test {
namespace {

constexpr std::array<std::string_view, 1> first = {"CREATE TABLE a (x INTEGER) STRICT"};
constexpr std::array<std::string_view, 3> later = {first[0], "ALTER TABLE a ADD COLUMN y INTEGER",
                                                   "UPDATE a SET y = x + 1"};
constexpr std::array<std::string_view, 3> broken = {first[0], "ALTER TABLE a ADD COLUMN y INTEGER",
                                                    "UPDATE nothing"};

struct Database {
    TemporaryDirectory directory;
    Connection connection = fresh();

    [[nodiscard]] std::filesystem::path copy(int version) const {
        return directory.database().string() + ".before-" + std::to_string(version);
    }

private:
    [[nodiscard]] Connection fresh() const {
        std::ofstream(directory.database()).close();
        return must(sqlite::open(directory.database()));
    }
};

}  // namespace

TEST_CASE("a fresh database gets every step and no copy") {
    Database database;
    must(migrate(database.connection, later, database.directory.database()));
    CHECK(must(schemaVersion(database.connection)) == 3);
    CHECK(must(database.connection.run("INSERT INTO a VALUES (1, 2)")) == 1);
    CHECK(!std::filesystem::exists(database.copy(3)));
}

TEST_CASE("an older database gets the missing steps, keeps its rows, and is copied before") {
    Database database;
    must(migrate(database.connection, first, database.directory.database()));
    must(database.connection.run("INSERT INTO a VALUES (41)"));
    must(migrate(database.connection, later, database.directory.database()));
    CHECK(must(database.connection.number("SELECT y FROM a")) == 42);

    const auto mode = std::filesystem::status(database.copy(3)).permissions();
    CHECK(mode == (std::filesystem::perms::owner_read | std::filesystem::perms::owner_write));
    auto copy = must(sqlite::open(database.copy(3)));
    CHECK(must(schemaVersion(copy)) == 1);
    CHECK(must(copy.number("SELECT x FROM a")) == 41);
}

TEST_CASE(
    "a step that fails leaves the database at its version, and the next try replaces the copy") {
    Database database;
    must(migrate(database.connection, first, database.directory.database()));
    CHECK(codeOf(migrate(database.connection, broken, database.directory.database())) ==
          "store_failed");
    CHECK(must(schemaVersion(database.connection)) == 1);
    CHECK(must(database.connection.number("SELECT count(*) FROM pragma_table_info('a')")) == 1);
    must(migrate(database.connection, later, database.directory.database()));
    CHECK(must(schemaVersion(database.connection)) == 3);
}

TEST_CASE("a database at the end of the list is left alone") {
    Database database;
    must(migrate(database.connection, later, database.directory.database()));
    must(migrate(database.connection, later, database.directory.database()));
    CHECK(!std::filesystem::exists(database.copy(3)));
}

TEST_CASE("a database of a newer version is refused") {
    Database database;
    must(migrate(database.connection, later, database.directory.database()));
    CHECK(codeOf(migrate(database.connection, first, database.directory.database())) ==
          "store_newer");
}

TEST_CASE("the outbox finds what waits by an index of what waits, however many were delivered") {
    Database database;
    must(migrate(database.connection, schemaSteps(), database.directory.database()));
    constexpr std::string_view query = R"(
        EXPLAIN QUERY PLAN SELECT min(number) FROM deliveries
        WHERE channel = $1 AND state IN ('pending', 'sending') GROUP BY incident_id)";
    const auto detail = [](const sql::Row& row) -> Result<std::string> { return row.text(3); };
    const auto plan = must(database.connection.rows(query, {"chat"}, detail));
    REQUIRE(plan.size() == 1);
    CHECK(plan[0].find("INDEX deliveries_waiting") != std::string::npos);
}

}  // namespace schema_test
