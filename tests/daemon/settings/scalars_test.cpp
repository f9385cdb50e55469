#include "daemon/settings/scalars.hpp"

#include <doctest/doctest.h>

using namespace driftkeeper;

TEST_CASE("durations") {
    struct Row {
        std::string text;
        std::int64_t seconds;  // -1: none
    };
    const Row rows[] = {{"30s", 30},
                        {"5m", 300},
                        {"2h", 7200},
                        {"1d", 86400},
                        {"0s", 0},
                        {"3650d", 315360000},
                        {"3651d", -1},
                        {"", -1},
                        {"s", -1},
                        {"5", -1},
                        {"+5s", -1},
                        {"5 s", -1},
                        {"5S", -1},
                        {"1h30m", -1},
                        {"1w", -1},
                        {"5ms", -1},
                        {"-1s", -1},
                        {"0x5s", -1},
                        {"99999999999999999999s", -1}};
    for (const auto& row : rows) {
        CAPTURE(row.text);
        const auto read = durationFrom(row.text);
        CHECK((read ? read->count() : -1) == row.seconds);
    }
}

TEST_CASE("refs") {
    for (const auto* good : {"main", "release/1.2", "v1.0", "refs/heads/x", "3f2c9a", "a-b_c"})
        CHECK_FALSE(judgeRef(good));
    for (const auto* bad :
         {"",  "-x",    "a..b", "a b", "a~1",  "a^", "a:b",    "a?", "a*",   "a[",  "a\\",
          "@", "a@{1}", "/a",   "a/",  "a//b", "a.", "a.lock", ".a", "a/.b", "a\nb"}) {
        CAPTURE(bad);
        CHECK(judgeRef(bad));
    }
}

TEST_CASE("paths within a repository") {
    for (const auto* good : {".", "a", "a/b", "a/../b", "./a", "..a", "a b"})
        CHECK_FALSE(judgeInnerPath(good));
    for (const auto* bad : {"", "/a", "..", "../a", "a/../../b", "-a", "a\tb", "a\\b"}) {
        CAPTURE(bad);
        CHECK(judgeInnerPath(bad));
    }
    CHECK(tidyPath("./a//b/") == "a/b");
    CHECK(tidyPath("./") == ".");
}

TEST_CASE("listening addresses") {
    ListenAddress address;
    REQUIRE_FALSE(judgeListen("localhost:80", address));
    CHECK(address.host == "127.0.0.1");
    CHECK(address.port == 80);
    REQUIRE_FALSE(judgeListen("[::1]:0", address));
    CHECK(address.host == "::1");
    CHECK_FALSE(judgeListen("127.9.9.9:1", address));
    CHECK_FALSE(judgeListen("[::]:1", address));
    CHECK_FALSE(judgeListen(":9743", address));
    CHECK(address.host == "::");
    CHECK(address.port == 9743);
    for (const auto* bad :
         {"127.0.0.1:", "127.0.0.1:-1", "127.0.0.1:65536", "127.0.0.256:1", "127.0.0:1",
          "127.0.0.1.:1", "example.com:1", "[::1:1", "127.0.0.1.evil.com:1"}) {
        CAPTURE(bad);
        CHECK(judgeListen(bad, address));
    }
}

TEST_CASE("time zones are those of this host") {
    CHECK_FALSE(judgeTimeZone("UTC"));
    for (const auto* bad : {"", "/etc/passwd", "../x", "Europe", "Europe//Berlin", "a b"})
        CHECK(judgeTimeZone(bad));
}

TEST_CASE("the nearest word is given only when it is near") {
    CHECK(nearest("evry", {"every", "timeout"}) == "every");
    CHECK(nearest("channel", {"channels", "routes"}) == "channels");
    CHECK(nearest("xyz", {"every", "timeout"}).empty());
    CHECK(nearest(std::string(100000, 'a'), {"every"}).empty());
    CHECK(nearest("every", {}).empty());
}
