#include "daemon/alert/decide/mutes.hpp"

#include <doctest/doctest.h>

#include "daemon/model/utc.hpp"

using namespace driftkeeper;

namespace mutes_test {
namespace {

const RouteSubject network{
    .repository = "infra", .stack = "infra/prod/network", .side = Side::Live};

TimePoint at(const std::string& text) {
    return utcFrom(text).value();
}

MuteWindow window(int from, int to, std::vector<unsigned> days = {},
                  std::string timeZone = "Europe/Berlin") {
    MuteWindow made;
    made.name = "quiet";
    made.days = std::move(days);
    made.from = std::chrono::minutes(from / 100 * 60 + from % 100);
    made.to = std::chrono::minutes(to / 100 * 60 + to % 100);
    made.timeZone = std::move(timeZone);
    made.reason = "people sleep";
    return made;
}

// Until when it mutes; empty: it does not.
std::string untilOf(const MuteWindow& one, const std::string& now,
                    const std::string& daemonZone = "UTC") {
    const auto mute = activeMute({one}, {}, network, daemonZone, at(now));
    return mute ? utcText(mute->until) : "";
}

}  // namespace

TEST_CASE("a window mutes by the clock on the wall") {
    struct Row {
        MuteWindow window;
        std::string now;
        std::string until;
    };
    const unsigned sunday = 0;
    const unsigned friday = 5;
    const unsigned saturday = 6;
    // Berlin: UTC+1 in winter, UTC+2 in summer. 2026-03-29 02:00 becomes 03:00 (01:00Z); 2026-10-25
    // 03:00 becomes 02:00 (01:00Z). 2026-11-21 is a Saturday.
    const Row rows[] = {
        {window(800, 1700), "2026-11-23T06:59:59Z", ""},
        {window(800, 1700), "2026-11-23T07:00:00Z", "2026-11-23T16:00:00Z"},
        {window(800, 1700), "2026-11-23T15:59:59Z", "2026-11-23T16:00:00Z"},
        {window(800, 1700), "2026-11-23T16:00:00Z", ""},
        {window(800, 1700), "2026-07-01T06:00:00Z", "2026-07-01T15:00:00Z"},
        // across midnight
        {window(2200, 600), "2026-11-23T20:59:59Z", ""},
        {window(2200, 600), "2026-11-23T21:00:00Z", "2026-11-24T05:00:00Z"},
        {window(2200, 600), "2026-11-24T00:30:00Z", "2026-11-24T05:00:00Z"},
        {window(2200, 600), "2026-11-24T05:00:00Z", ""},
        // days are those of the beginning
        {window(2200, 600, {friday}), "2026-11-20T21:30:00Z", "2026-11-21T05:00:00Z"},
        {window(2200, 600, {friday}), "2026-11-21T04:00:00Z", "2026-11-21T05:00:00Z"},
        {window(2200, 600, {friday}), "2026-11-21T21:30:00Z", ""},
        {window(2200, 600, {friday}), "2026-11-20T04:00:00Z", ""},
        {window(0, 2400, {saturday, sunday}), "2026-11-20T22:59:59Z", ""},
        {window(0, 2400, {saturday, sunday}), "2026-11-20T23:00:00Z", "2026-11-21T23:00:00Z"},
        {window(0, 2400, {saturday, sunday}), "2026-11-22T22:59:59Z", "2026-11-22T23:00:00Z"},
        {window(0, 2400, {saturday, sunday}), "2026-11-22T23:00:00Z", ""},
        // from = to: a whole day
        {window(900, 900, {saturday}), "2026-11-22T07:59:59Z", "2026-11-22T08:00:00Z"},
        {window(900, 900, {saturday}), "2026-11-22T08:00:00Z", ""},
        // the hour that is left out: what begins in it begins at its end, what ends in it too
        {window(230, 400), "2026-03-29T00:59:59Z", ""},
        {window(230, 400), "2026-03-29T01:00:00Z", "2026-03-29T02:00:00Z"},
        {window(230, 400), "2026-03-28T01:30:00Z", "2026-03-28T03:00:00Z"},
        {window(130, 230), "2026-03-29T00:30:00Z", "2026-03-29T01:00:00Z"},
        {window(130, 230), "2026-03-29T01:00:00Z", ""},
        {window(210, 250), "2026-03-29T01:00:00Z", ""},
        {window(2200, 600), "2026-03-28T22:00:00Z", "2026-03-29T04:00:00Z"},
        // the hour that comes twice: the first one
        {window(230, 400), "2026-10-25T00:29:59Z", ""},
        {window(230, 400), "2026-10-25T00:30:00Z", "2026-10-25T03:00:00Z"},
        {window(130, 230), "2026-10-25T00:29:59Z", "2026-10-25T00:30:00Z"},
        {window(130, 230), "2026-10-25T01:15:00Z", ""},
        {window(2200, 600), "2026-10-24T20:00:00Z", "2026-10-25T05:00:00Z"},
        // other zones
        {window(2200, 600, {}, ""), "2026-11-23T22:00:00Z", "2026-11-24T06:00:00Z"},
        {window(2200, 600, {}, "UTC"), "2026-11-23T21:59:59Z", ""},
        {window(2200, 600, {}, "Asia/Kolkata"), "2026-11-23T16:30:00Z", "2026-11-24T00:30:00Z"},
        {window(2200, 600, {}, "Pacific/Auckland"), "2026-11-23T09:00:00Z", "2026-11-23T17:00:00Z"},
        {window(0, 2400, {}, "Mars/Olympus"), "2026-11-23T09:00:00Z", ""},
        // Samoa had no 30 December 2011: what begins on it begins, and ends, at its end
        {window(2200, 600, {4}, "Pacific/Apia"), "2011-12-30T09:59:59Z", "2011-12-30T10:00:00Z"},
        {window(2200, 600, {4}, "Pacific/Apia"), "2011-12-30T10:00:00Z", ""},
    };
    for (const auto& row : rows) {
        CAPTURE(row.window.from.count());
        CAPTURE(row.window.timeZone);
        CAPTURE(row.now);
        CHECK(untilOf(row.window, row.now) == row.until);
    }
    CHECK(untilOf(window(2200, 600, {}, ""), "2026-11-23T21:00:00Z", "Europe/Berlin") ==
          "2026-11-24T05:00:00Z");
}

TEST_CASE("a window mutes what it names") {
    auto one = window(0, 2400);
    const auto now = at("2026-11-23T12:00:00Z");
    one.match.stack = {"infra/prod/**"};
    CHECK(activeMute({one}, {}, network, "UTC", now).has_value());
    one.match.side = {Side::Git};
    CHECK_FALSE(activeMute({one}, {}, network, "UTC", now).has_value());
    one.match = {.kind = {"stale"}};
    CHECK_FALSE(activeMute({one}, {}, network, "UTC", now).has_value());
}

TEST_CASE("a silence mutes from its beginning until its end") {
    Silence silence;
    silence.id = "s-1";
    silence.reason = "migration";
    silence.from = at("2026-11-23T12:00:00Z");
    silence.until = at("2026-11-23T14:00:00Z");
    silence.match.stack = {"infra/**"};
    const auto mutes = [&](const std::string& now, const RouteSubject& subject = network) {
        return activeMute({}, {silence}, subject, "UTC", at(now));
    };
    CHECK_FALSE(mutes("2026-11-23T11:59:59Z").has_value());
    CHECK(mutes("2026-11-23T12:00:00Z") == Mute{"s-1", "migration", silence.until});
    CHECK(mutes("2026-11-23T13:59:59Z").has_value());
    CHECK_FALSE(mutes("2026-11-23T14:00:00Z").has_value());
    CHECK_FALSE(
        mutes("2026-11-23T13:00:00Z", {.repository = "other", .stack = "other/a"}).has_value());
}

TEST_CASE("of several mutes the one that ends last counts") {
    Silence silence;
    silence.id = "s-1";
    silence.until = at("2026-11-24T00:00:00Z");
    const auto now = at("2026-11-23T22:00:00Z");
    CHECK(activeMute({window(2200, 600)}, {silence}, network, "UTC", now).value().name == "quiet");
    silence.until = at("2026-11-25T00:00:00Z");
    CHECK(activeMute({window(2200, 600)}, {silence}, network, "UTC", now).value().name == "s-1");
    CHECK_FALSE(activeMute({}, {}, network, "UTC", now).has_value());
}

}  // namespace mutes_test
