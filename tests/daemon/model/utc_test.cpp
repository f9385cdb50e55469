#include "daemon/model/utc.hpp"

#include <doctest/doctest.h>

using namespace driftkeeper;

TEST_CASE("a time is written in UTC, with fractions only when there are some") {
    struct Row {
        std::int64_t microseconds;
        std::string_view text;
    };
    for (const auto& [microseconds, text] : {Row{0, "1970-01-01T00:00:00Z"},
                                             {1795374420000000, "2026-11-22T19:07:00Z"},
                                             {1795374420250000, "2026-11-22T19:07:00.25Z"},
                                             {1795374420000001, "2026-11-22T19:07:00.000001Z"},
                                             {951782399999999, "2000-02-28T23:59:59.999999Z"},
                                             {951782400000000, "2000-02-29T00:00:00Z"},
                                             {-1, "1969-12-31T23:59:59.999999Z"}}) {
        const TimePoint time{std::chrono::microseconds(microseconds)};
        CHECK(utcText(time) == text);
        CHECK(utcFrom(text) == time);
    }
}

TEST_CASE("what is no time in UTC is refused") {
    for (const std::string_view text : {"",
                                        "Z",
                                        "2026-11-22",
                                        "2026-11-22T19:07:00",
                                        "2026-11-22T19:07:00+01:00",
                                        "2026-11-22 19:07:00Z",
                                        "2026-02-29T00:00:00Z",
                                        "2026-13-01T00:00:00Z",
                                        "2026-00-01T00:00:00Z",
                                        "2026-01-32T00:00:00Z",
                                        "2026-01-01T24:00:00Z",
                                        "2026-01-01T00:60:00Z",
                                        "2026-01-01T00:00:60Z",
                                        "2026-01-01T00:00:00.Z",
                                        "2026-01-01T00:00:00.1234567Z",
                                        "2026-01-01T00:00:00.1aZ",
                                        "+026-01-01T00:00:00Z",
                                        "2026-01-01T00:00:0-Z",
                                        "2026-01-01T00:00:00ZZ",
                                        " 2026-01-01T00:00:00Z"}) {
        CAPTURE(text);
        CHECK_FALSE(utcFrom(text).has_value());
    }
}
