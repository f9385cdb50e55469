#include "daemon/store/state_marker.hpp"

#include <doctest/doctest.h>

#include <fstream>

#include "tests/daemon/store/fixture.hpp"

using namespace driftkeeper;
using namespace driftkeeper::testing;

namespace state_marker_test {
namespace {

namespace fs = std::filesystem;

std::string_view lossIn(const fs::path& place) {
    const auto store = must(Store::open(place));
    return name(must(lossOf(*store, place)));
}

// A daemon that worked there for a while, and ended.
void workIn(const fs::path& place) {
    const auto store = must(Store::open(place));
    must(store->stacks.keep(stackNamed("a")));
    must(mark(*store, place));
    fs::create_directories(place / "stacks" / "a");
}

void copyDatabase(const fs::path& from, const fs::path& to) {
    for (const char* end : {"", "-wal", "-shm"}) {
        const std::string file = "driftkeeper.db" + std::string(end);
        fs::remove(to / file);
        if (fs::exists(from / file)) fs::copy_file(from / file, to / file);
    }
}

void removeDatabase(const fs::path& place) {
    for (const char* file : {"driftkeeper.db", "driftkeeper.db-wal", "driftkeeper.db-shm"})
        fs::remove(place / file);
}

}  // namespace

TEST_CASE("a state that begins, and one that goes on, has lost nothing") {
    const TemporaryDirectory place;
    CHECK(lossIn(place.path()).empty());
    for (int i = 0; i < 3; ++i) {
        workIn(place.path());
        CHECK(lossIn(place.path()).empty());
    }
}

TEST_CASE("a database of a version without markers has lost nothing") {
    const TemporaryDirectory place;
    workIn(place.path());
    fs::remove(place.path() / "state-id");
    CHECK(lossIn(place.path()).empty());
}

TEST_CASE("a database that is gone or empty where checks have worked is lost") {
    const TemporaryDirectory place;
    workIn(place.path());
    SUBCASE("it is gone") {
        removeDatabase(place.path());
    }
    SUBCASE("it is empty") {
        removeDatabase(place.path());
        std::ofstream(place.database()).flush();
    }
    SUBCASE("it is gone with its marker") {
        removeDatabase(place.path());
        fs::remove(place.path() / "state-id");
    }
    CHECK(lossIn(place.path()) == "empty");
}

TEST_CASE("an older copy of the database, and another one, are known") {
    const TemporaryDirectory place;
    const TemporaryDirectory backup;
    workIn(place.path());
    copyDatabase(place.path(), backup.path());
    workIn(place.path());
    CHECK(lossIn(place.path()).empty());
    SUBCASE("older") {
        copyDatabase(backup.path(), place.path());
        CHECK(lossIn(place.path()) == "older");
    }
    SUBCASE("another") {
        const TemporaryDirectory elsewhere;
        for (int i = 0; i < 5; ++i) workIn(elsewhere.path());
        copyDatabase(elsewhere.path(), place.path());
        CHECK(lossIn(place.path()) == "another");
    }
}

TEST_CASE("a database without its log of writes is older") {
    const TemporaryDirectory place;
    const TemporaryDirectory killed;
    workIn(place.path());
    {
        const auto store = must(Store::open(place.path()));
        must(mark(*store, place.path()));
        copyDatabase(place.path(), killed.path());
        fs::copy_file(place.path() / "state-id", killed.path() / "state-id");
    }
    REQUIRE(fs::remove(killed.path() / "driftkeeper.db-wal"));
    fs::remove(killed.path() / "driftkeeper.db-shm");
    CHECK(lossIn(killed.path()) == "older");
}

TEST_CASE("what was lost is known over restarts until it is settled") {
    const TemporaryDirectory place;
    {
        const auto store = must(Store::open(place.path()));
        CHECK_FALSE(store->hasLost());
        must(store->lose("older", noon));
    }
    const auto store = must(Store::open(place.path()));
    CHECK(store->hasLost());
    CHECK(must(store->loss())->what == "older");
    CHECK(must(store->loss())->since == noon);
    must(store->settleLoss());
    CHECK_FALSE(store->hasLost());
    CHECK_FALSE(must(store->loss()).has_value());
}

}  // namespace state_marker_test
