#include "daemon/store/state_modes.hpp"

#include <doctest/doctest.h>
#include <sys/stat.h>

#include <fstream>

#include "tests/daemon/store/fixture.hpp"

using namespace driftkeeper;
using namespace driftkeeper::testing;

namespace state_modes_test {
namespace {

unsigned modeOf(const std::filesystem::path& path) {
    struct stat state {};
    REQUIRE(::stat(path.c_str(), &state) == 0);
    return state.st_mode & 07777U;
}

}  // namespace

TEST_CASE("what others could read of the state, or its owner could not, has its mode again") {
    const TemporaryDirectory place;
    for (const char* name : {"token", "driftkeeper.db", "driftkeeper.db-wal", "other"})
        std::ofstream(place.path() / name) << "text";
    struct Row {
        const char* name;
        unsigned was;
        unsigned is;
    };
    const Row rows[] = {
        {"", 0755, 0750},
        {"", 0777, 0750},
        {"", 0700, 0700},
        {"", 0710, 0710},
        {"token", 0666, 0640},
        {"token", 0, 0600},
        {"token", 0640, 0640},
        {"token", 04755, 0640},
        {"driftkeeper.db", 0666, 0600},
        {"driftkeeper.db", 0, 0600},
        {"driftkeeper.db-wal", 0640, 0600},
        {"other", 0644, 0644},
    };
    for (const auto& row : rows) {
        const auto path = *row.name == 0 ? place.path() : place.path() / row.name;
        CAPTURE(path.string());
        CAPTURE(row.was);
        ::chmod(place.path().c_str(), 0700);
        (void)restoreModes(place.path());
        REQUIRE(::chmod(path.c_str(), row.was) == 0);
        const auto changes = restoreModes(place.path());
        CHECK(modeOf(path) == row.is);
        CHECK(changes.size() == (row.was == row.is ? 0 : 1));
        CHECK(restoreModes(place.path()).empty());
    }
}

TEST_CASE("a link in the state directory leads nowhere") {
    const TemporaryDirectory place;
    const TemporaryDirectory elsewhere;
    std::ofstream(elsewhere.path() / "file") << "text";
    REQUIRE(::chmod((elsewhere.path() / "file").c_str(), 0644) == 0);
    std::filesystem::create_symlink(elsewhere.path() / "file", place.path() / "token");
    CHECK(restoreModes(place.path()).empty());
    CHECK(modeOf(elsewhere.path() / "file") == 0644);
}

}  // namespace state_modes_test
