#include "daemon/notify/status.hpp"

#include <doctest/doctest.h>

#include <set>

#include "tests/daemon/notify/sample_notice.hpp"

namespace driftkeeper {
namespace status_test {
namespace {

// The table of the retry classes, written a second time and on purpose differently: as sets.
Outcome expected(int status) {
    static const std::set<int> destination = {401, 403, 404, 410};
    static const std::set<int> transient = {408, 425};
    if (status == 429) return Outcome::Throttled;
    if (status == 202) return Outcome::Accepted;
    if (destination.contains(status)) return Outcome::BadDestination;
    if (transient.contains(status)) return Outcome::Transient;
    switch (status / 100) {
        case 2:
            return Outcome::Delivered;
        case 3:
            return Outcome::BadDestination;
        case 4:
            return Outcome::BadPayload;
        default:
            return Outcome::Transient;
    }
}

TEST_CASE("every status has its class, the same in every channel that knows no better") {
    const auto webhook = makeChannel(tests::sampleSettings(*channelKind("webhook")), "");
    const auto alertmanager = makeChannel(tests::sampleSettings(*channelKind("alertmanager")), "");
    for (int status = 100; status < 600; ++status) {
        CAPTURE(status);
        CHECK(judgeStatus(tests::answered(status), tests::sampleNow()).outcome == expected(status));
        CHECK(tests::judged(*webhook, tests::answered(status)).outcome == expected(status));
        CHECK(tests::judged(*alertmanager, tests::answered(status)).outcome == expected(status));
    }
}

TEST_CASE("without an answer it matters whether the peer may have got the request") {
    Answer lost;
    lost.error = "Timeout was reached";
    lost.written = true;
    CHECK(judgeStatus(lost, tests::sampleNow()).outcome == Outcome::Ambiguous);
    lost.written = false;
    CHECK(judgeStatus(lost, tests::sampleNow()).outcome == Outcome::Transient);
    CHECK(judgeStatus(lost, tests::sampleNow()).text == "not sent: Timeout was reached");
}

TEST_CASE("Retry-After is seconds or a date") {
    struct Row {
        const char* header;
        std::optional<Seconds> wish;
    };
    const Row rows[] = {{"0", Seconds(0)},
                        {"120", Seconds(120)},
                        {" 7 ", Seconds(7)},
                        {"86400", Seconds(86400)},
                        {"999999999", Seconds(86400)},
                        {"99999999999999999999999999", Seconds(86400)},
                        {"Sun, 22 Nov 2026 19:08:30 GMT", Seconds(90)},
                        {"Sunday, 22-Nov-26 19:08:30 GMT", Seconds(90)},
                        {"Sun, 22 Nov 2026 19:00:00 GMT", Seconds(0)},
                        {"Sun, 22 Nov 2099 19:00:00 GMT", Seconds(86400)},
                        {"-5", std::nullopt},
                        {"soon", std::nullopt},
                        {"", std::nullopt}};
    for (const Row& row : rows) {
        CAPTURE(row.header);
        CHECK(retryAfter(row.header, tests::sampleNow()) == row.wish);
    }
}

TEST_CASE("the peer's wish is kept where a later attempt makes sense") {
    for (const int status : {429, 503}) {
        Answer answer = tests::answered(status);
        answer.headers["retry-after"] = "30";
        CHECK(judgeStatus(answer, tests::sampleNow()).retryAfter == Seconds(30));
    }
    Answer refused = tests::answered(404);
    refused.headers["retry-after"] = "30";
    CHECK_FALSE(judgeStatus(refused, tests::sampleNow()).retryAfter.has_value());
}

TEST_CASE("no word of the peer gets into what is logged") {
    for (const ChannelKind* kind :
         {channelKind("webhook"), channelKind("alertmanager"), channelKind("slack")}) {
        const auto channel =
            makeChannel(tests::sampleSettings(*kind, "http://canary@127.0.0.1:9/canary"), "");
        for (int status = 100; status < 600; ++status) {
            const AttemptResult result = tests::judged(*channel, tests::answered(status, "canary"));
            CAPTURE(status);
            CHECK_FALSE(result.text.empty());
            CHECK(result.text.find("canary") == std::string::npos);
        }
    }
}

}  // namespace
}  // namespace status_test
}  // namespace driftkeeper
