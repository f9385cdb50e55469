#include "parsers/graph/drift.hpp"

#include <doctest/doctest.h>

using namespace driftkeeper;

TEST_CASE("every word of a drift reads back") {
    for (const auto side : {Side::Live, Side::Git, Side::Both, Side::Unknown})
        CHECK(sideFrom(name(side)) == side);
    for (const auto change : {Change::Modified, Change::Deleted, Change::Created})
        CHECK(changeFrom(name(change)) == change);
    for (const auto severity : {Severity::Info, Severity::Warning, Severity::Critical})
        CHECK(severityFrom(name(severity)) == severity);
    CHECK(name(Side::Live) == "live");
    CHECK(name(Change::Created) == "created");
    CHECK(name(Severity::Critical) == "critical");
}

TEST_CASE("an unknown word is none") {
    CHECK_FALSE(sideFrom(""));
    CHECK_FALSE(sideFrom("Live"));
    CHECK_FALSE(changeFrom("update"));
    CHECK_FALSE(severityFrom("fatal"));
}
