#include "daemon/web/buckets.hpp"

#include <doctest/doctest.h>

namespace driftkeeper {
namespace buckets_test {
namespace {

using namespace std::chrono_literals;
const SteadyTime start = SteadyTime() + 1h;

TEST_CASE("a bucket gives its burst at once, and then one an interval") {
    TokenBucket bucket;
    for (int i = 0; i < 3; ++i) CHECK_FALSE(bucket.take(1s, 3, start).has_value());
    CHECK(bucket.take(1s, 3, start) == 1s);
    CHECK(bucket.wait(1s, 3, start + 250ms) == 750ms);
    CHECK_FALSE(bucket.take(1s, 3, start + 1s).has_value());
    CHECK(bucket.take(1s, 3, start + 1s).has_value());
    for (int i = 0; i < 3; ++i) CHECK_FALSE(bucket.take(1s, 3, start + 1h).has_value());
    CHECK(bucket.take(1s, 3, start + 1h).has_value());
    CHECK(bucket.take(1s, 3, start).has_value());  // a clock that goes back gives nothing
}

TEST_CASE("ten wrong ones at once, then one every six seconds; a network of IPv6 is one peer") {
    FailureLimit limit;
    for (int i = 0; i < 10; ++i) {
        CHECK_FALSE(limit.wait("2001:db8:1:2::a", start).has_value());
        limit.note("2001:db8:1:2::" + std::to_string(i), start);
    }
    CHECK(limit.wait("2001:db8:1:2:ffff::1", start) == 6s);
    CHECK_FALSE(limit.wait("2001:db8:1:3::1", start).has_value());
    CHECK_FALSE(limit.wait("192.0.2.1", start).has_value());
    for (int i = 0; i < 10; ++i) limit.note("2001:db8::" + std::to_string(i), start);
    CHECK(limit.wait("2001:db8::ffff", start).has_value());
    for (int i = 0; i < 10; ++i) limit.note("::ffff:192.0.2.1", start);
    CHECK_FALSE(limit.wait("::ffff:192.0.2.2", start).has_value());
    CHECK_FALSE(limit.wait("2001:db8:1:2::a", start + 6s).has_value());
}

TEST_CASE("many peers do not fill the memory") {
    FailureLimit limit;
    for (int i = 0; i < 10; ++i) limit.note("first", start);
    for (int i = 0; i < 5000; ++i) limit.note("peer" + std::to_string(i), start + 1s);
    CHECK_FALSE(limit.wait("first", start + 1s).has_value());  // the oldest is forgotten
    for (int i = 0; i < 9; ++i) limit.note("peer4999", start + 1s);
    CHECK(limit.wait("peer4999", start + 1s).has_value());
}

}  // namespace
}  // namespace buckets_test
}  // namespace driftkeeper
