#include "daemon/alert/decide/moments.hpp"

#include <doctest/doctest.h>

namespace driftkeeper {

TEST_CASE("two runs of one scanner write the same, but for their times and names") {
    const auto same = [](const char* one, const char* other) {
        return withoutMoments(one) == withoutMoments(other);
    };
    CHECK(same(R"("2026-01-01T00:00:03Z")", R"("2026-11-30T23:59:59.123456Z")"));
    CHECK(same("scanned 2026-01-01 00:00:03 by x", "scanned 2026-01-01 10:20:30 by x"));
    CHECK(same("2026-01-01T00:00:03+01:00", "2026-01-02T00:00:03+01:00"));
    CHECK(same("2026-01-01", "2026-01-02"));
    CHECK(same("1767225600", "1767225601"));
    CHECK(same("at 1767225600123", "at 1767225600999"));
    CHECK(same("run 6ba7b810-9dad-11d1-80b4-00c04fd430c8 done",
               "run 6ba7b811-9dad-11d1-80b4-00c04fd430c8 done"));
}

TEST_CASE("what is no time stays what it is") {
    for (const char* text : {"", "10.0.0.1/24", "3.11.7", "ami-0123456789abcdef0", "123456789012",
                             "arn:aws:iam::123456789012:role/x", "0123456789", "2026-1-1",
                             "v2026-01", "sha256:9f86d081884c7d65"})
        CHECK(withoutMoments(text) == text);
}

}  // namespace driftkeeper
