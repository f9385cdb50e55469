#include "parsers/gitops/instant.hpp"

#include <doctest/doctest.h>

#include <string>
#include <utility>
#include <vector>

using namespace driftkeeper::gitops;
using namespace std::chrono;

TEST_CASE("instants are read as RFC 3339 writes them") {
    const auto noon = sys_days(year(2026) / 11 / 22) + hours(12);
    CHECK(instantFrom("2026-11-22T12:00:00Z") == noon);
    CHECK(instantFrom("2026-11-22T12:00:00.123456789Z") == noon);
    CHECK(instantFrom("2026-11-22T14:00:00+02:00") == noon);
    CHECK(instantFrom("2026-11-22T07:30:00-04:30") == noon);
    for (const char* text :
         {"", "2026-11-22", "2026-11-22T12:00:00", "2026-02-30T12:00:00Z", "2026-11-22T25:00:00Z",
          "2026-11-22T12:00:00ZZ", "2026-11-22T12:00:00+2:00", "yesterday"}) {
        CAPTURE(text);
        CHECK_FALSE(instantFrom(text));
    }
}

TEST_CASE("durations are read as Go writes them") {
    const std::vector<std::pair<std::string, std::int64_t>> table = {
        {"5m", 300'000},     {"5m0s", 300'000}, {"1h30m", 5'400'000},
        {"1.5h", 5'400'000}, {"250ms", 250},    {"0", 0}};
    for (const auto& [text, length] : table) {
        CAPTURE(text);
        REQUIRE(durationFrom(text));
        CHECK(durationFrom(text)->count() == length);
    }
    for (const char* text : {"", "5", "m", "5 m", "-5m", "5x", "1..5h", "99999999999999999999h"}) {
        CAPTURE(text);
        CHECK_FALSE(durationFrom(text));
    }
}
