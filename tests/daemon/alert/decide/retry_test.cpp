#include "daemon/alert/decide/retry.hpp"

#include <doctest/doctest.h>

using namespace driftkeeper;
using Action = RetryDecision::Action;

namespace retry_test {
namespace {

constexpr TimePoint created{std::chrono::hours(1000)};
constexpr TimePoint now = created + std::chrono::minutes(5);

RetryDecision after(Outcome outcome, int attempts, double random,
                    std::optional<Seconds> wish = std::nullopt, bool plain = false) {
    return nextAttempt({outcome, "", wish}, plain, attempts, created, now, random);
}

}  // namespace

TEST_CASE("what the peer took is done") {
    CHECK(after(Outcome::Delivered, 0, 0.5).action == Action::Done);
    CHECK(after(Outcome::Accepted, 7, 0.5).action == Action::Done);
    // Even after the patience has run out.
    CHECK(nextAttempt({Outcome::Delivered, "", {}}, false, 9, created,
                      created + std::chrono::hours(100), 0)
              .action == Action::Done);
}

TEST_CASE(
    "the pause doubles up to a quarter of an hour, with full jitter, and is at least a second") {
    struct Row {
        int attempts;
        double random;
        std::int64_t milliseconds;
    };
    for (const auto outcome : {Outcome::Transient, Outcome::Ambiguous})
        for (const auto& [attempts, random, milliseconds] : {Row{0, 0.999, 1998},
                                                             {0, 0.0, 1000},
                                                             {1, 0.5, 2000},
                                                             {2, 0.5, 4000},
                                                             {5, 0.5, 32000},
                                                             {8, 0.5, 256000},
                                                             {9, 0.5, 450000},
                                                             {10, 0.0, 1000},
                                                             {30, 0.999, 899100},
                                                             {2000000000, 0.5, 450000},
                                                             {-1, 0.5, 1000}}) {
            const auto decision = after(outcome, attempts, random);
            CAPTURE(attempts);
            CHECK(decision.action == Action::Again);
            CHECK(decision.countsAttempt);
            CHECK(decision.at - now == std::chrono::milliseconds(milliseconds));
        }
}

TEST_CASE("a wish of the peer is kept, within a second and an hour") {
    CHECK(after(Outcome::Transient, 0, 0.5, Seconds(120)).at == now + Seconds(120));
    CHECK(after(Outcome::Transient, 0, 0.5, Seconds(999999)).at == now + Seconds(3600));
    CHECK(after(Outcome::Throttled, 0, 0.5, Seconds(0)).at == now + Seconds(1));
    CHECK(after(Outcome::Throttled, 0, 0.5, Seconds(-5)).at == now + Seconds(1));
}

TEST_CASE("a throttled attempt is not counted") {
    const auto decision = after(Outcome::Throttled, 3, 0.5);
    CHECK(decision.action == Action::Again);
    CHECK_FALSE(decision.countsAttempt);
    CHECK(decision.at == now + Seconds(60));
}

TEST_CASE("a bad destination is tried again every quarter of an hour") {
    CHECK(after(Outcome::BadDestination, 0, 0.1).at == now + std::chrono::minutes(15));
    CHECK(after(Outcome::BadDestination, 50, 0.9).at == now + std::chrono::minutes(15));
}

TEST_CASE("a payload that is not understood is sent plain once") {
    CHECK(after(Outcome::BadPayload, 4, 0.5).action == Action::Again);
    CHECK(after(Outcome::BadPayload, 4, 0.5).at == now + Seconds(1));
    CHECK(after(Outcome::BadPayload, 5, 0.5, std::nullopt, true).action == Action::GiveUp);
    // Sent plain, and the peer is only away: that goes on.
    CHECK(after(Outcome::Transient, 5, 0.5, std::nullopt, true).action == Action::Again);
}

TEST_CASE("after 72 hours there is no further attempt") {
    const auto patience = std::chrono::hours(72);
    for (const auto outcome : {Outcome::Throttled, Outcome::Transient, Outcome::Ambiguous,
                               Outcome::BadDestination, Outcome::BadPayload}) {
        CHECK(nextAttempt({outcome, "", Seconds(5)}, false, 1, created,
                          created + patience - Seconds(1), 0.5)
                  .action == Action::Again);
        CHECK(nextAttempt({outcome, "", Seconds(5)}, false, 1, created, created + patience, 0.5)
                  .action == Action::GiveUp);
    }
}

TEST_CASE("outcomes have names") {
    CHECK(name(Outcome::Delivered) == "delivered");
    CHECK(name(Outcome::Ambiguous) == "ambiguous");
    CHECK(name(Outcome::BadPayload) == "bad_payload");
}

}  // namespace retry_test
