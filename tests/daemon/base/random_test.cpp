#include "daemon/base/random.hpp"

#include <doctest/doctest.h>

#include <set>

using namespace driftkeeper;

TEST_CASE("uuids are version 4, well-formed and different") {
    std::set<std::string> seen;
    for (int i = 0; i < 1000; ++i) {
        const std::string uuid = makeUuid();
        REQUIRE(uuid.size() == 36);
        CHECK(uuid[8] == '-');
        CHECK(uuid[13] == '-');
        CHECK(uuid[14] == '4');
        CHECK(std::string("89ab").find(uuid[19]) != std::string::npos);
        CHECK(uuid[23] == '-');
        seen.insert(uuid);
    }
    CHECK(seen.size() == 1000);
}

TEST_CASE("uniform numbers lie from 0 to just below 1 and fill that") {
    double low = 1;
    double high = 0;
    for (int i = 0; i < 1000; ++i) {
        const double number = uniformRandom();
        REQUIRE(number >= 0);
        REQUIRE(number < 1);
        low = std::min(low, number);
        high = std::max(high, number);
    }
    CHECK(low < 0.1);
    CHECK(high > 0.9);
}
