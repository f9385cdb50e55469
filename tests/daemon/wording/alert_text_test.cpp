#include "daemon/wording/alert_text.hpp"

#include <doctest/doctest.h>

#include "tests/daemon/contract/samples.hpp"

using namespace driftkeeper;

namespace alert_text_test {
namespace {

Alert in(AlertState state) {
    Alert alert;
    alert.state = state;
    alert.until = samples::at("2026-11-22T19:07:00.250000Z");
    return alert;
}

ChannelAlert delivered(const char* channel, const char* at) {
    return {channel, AlertState::Delivered, samples::at(at), "", {}};
}

}  // namespace

TEST_CASE("every state is a sentence that begins with it, times to the second") {
    CHECK(alertText(suppressedBy("builtin/cosmetic")) == "suppressed by builtin/cosmetic");
    CHECK(alertText(in(AlertState::Unconfirmed)) ==
          "unconfirmed until 2026-11-22T19:07:00Z at the earliest");
    CHECK(alertText({}) == "unconfirmed");
    CHECK(alertText(in(AlertState::Grouping)) ==
          "grouping until 2026-11-22T19:07:00Z: waits for others of the same cause");
    auto muted = in(AlertState::Muted);
    muted.silence = "7f3a";
    muted.reason = "maintenance";
    CHECK(alertText(muted) == "muted until 2026-11-22T19:07:00Z by silence 7f3a: maintenance");
    muted.silence.clear();
    muted.reason.clear();
    muted.window = "nights";
    CHECK(alertText(muted) == "muted until 2026-11-22T19:07:00Z by the mute window nights");
    auto nobody = in(AlertState::NoRoute);
    CHECK(alertText(nobody) == "no route matches: nobody is alerted");
    nobody.routeMatchesNow = true;
    CHECK(alertText(nobody).starts_with("no route matched when it was confirmed"));
}

TEST_CASE("channels that got it and channels that did not are told apart") {
    Alert alert;
    alert.state = AlertState::Delivered;
    alert.channels = {delivered("chat", "2026-11-22T19:07:00Z"),
                      delivered("hook", "2026-11-22T19:08:00Z")};
    CHECK(alertText(alert) ==
          "delivered: chat at 2026-11-22T19:07:00Z, hook at 2026-11-22T19:08:00Z");
    alert.channels[1].error = "transient: HTTP 503";
    CHECK(alertText(alert).ends_with(
        "hook at 2026-11-22T19:08:00Z (a later update is not: transient: HTTP 503)"));

    alert.state = AlertState::Undelivered;
    alert.channels[1] = {"hook",
                         AlertState::Undelivered,
                         {},
                         "transient: HTTP 503",
                         samples::at("2026-11-22T19:09:00Z")};
    CHECK(alertText(alert) ==
          "undelivered: hook (transient: HTTP 503; next try 2026-11-22T19:09:00Z); delivered: chat "
          "at "
          "2026-11-22T19:07:00Z");
    alert.channels = {{"hook", AlertState::Undelivered, {}, "", {}}};
    CHECK(alertText(alert) == "undelivered: hook (on its way)");
}

}  // namespace alert_text_test
