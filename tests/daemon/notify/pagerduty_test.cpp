#include <doctest/doctest.h>

#include <nlohmann/json.hpp>

#include "daemon/notify/channel.hpp"
#include "tests/daemon/notify/peer_delivery.hpp"
#include "tests/peers/pagerduty.hpp"

namespace driftkeeper {
namespace pagerduty_test {
namespace {

using nlohmann::json;

const std::string key = "0123456789abcdef0123456789canary";

std::unique_ptr<Channel> channel(bool values = true) {
    auto settings = tests::sampleSettings(*channelKind("pagerduty"), "http://127.0.0.1:9/");
    settings.secrets["routing_key"].value = key;
    settings.showValues = values;
    return makeChannel(settings, "http://127.0.0.1:9743/");
}

json eventOf(const Notice& notice, bool plain = false, bool values = true) {
    const auto request = tests::rendered(*channel(values), notice, plain);
    CHECK(request.method == "POST");
    CHECK(request.url == "http://127.0.0.1:9/v2/enqueue");
    return json::parse(request.body);
}

TEST_CASE("an incident is triggered and resolved under its id") {
    const std::string link = "http://127.0.0.1:9743/#aaaaaaaa-bbbb-cccc-dddd-eeeeeeeeeeee";
    const std::string details =
        "opened · severity critical · since 2026-11-22T19:02:00Z\n"
        "infra/prod/network · commit 3f2c9b1e5a · terraform · owner @org/network\n"
        "live modified aws_security_group.web · critical · since 2026-11-22T19:02:00Z\n"
        "• ingress[0].cidr_blocks[0]: 10.0.0.0/8 → 0.0.0.0/0\n"
        "Apply to undo the live change, or commit it.\n" +
        link;
    const json opened = {{"routing_key", key},
                         {"event_action", "trigger"},
                         {"dedup_key", "aaaaaaaa-bbbb-cccc-dddd-eeeeeeeeeeee"},
                         {"client", "driftkeeper"},
                         {"client_url", link},
                         {"links", json::array({{{"href", link}, {"text", "Incident"}}})},
                         {"payload",
                          {{"summary", "infra/prod/network drifted: 1 resource differs from Git"},
                           {"source", "infra/prod/network"},
                           {"severity", "critical"},
                           {"class", "drift"},
                           {"custom_details",
                            {{"stack", "infra/prod/network"},
                             {"side", "live"},
                             {"change", "modified"},
                             {"attributes", {"ingress[0].cidr_blocks[0]: 10.0.0.0/8 → 0.0.0.0/0"}},
                             {"resource", "aws_security_group.web"},
                             {"details", details}}}}}};
    CHECK(eventOf(tests::sampleNotice()) == opened);
    const json resolved = {{"routing_key", key},
                           {"event_action", "resolve"},
                           {"dedup_key", "aaaaaaaa-bbbb-cccc-dddd-eeeeeeeeeeee"}};
    CHECK(eventOf(tests::sampleNotice(Event::Resolved)) == resolved);
}

TEST_CASE("PagerDuty is the usual place") {
    ChannelSettings settings;
    settings.kind = channelKind("pagerduty");
    settings.secrets["routing_key"].value = key;
    const auto usual = makeChannel(settings, "");
    const auto request = tests::rendered(*usual, tests::sampleNotice());
    CHECK(request.url == "https://events.pagerduty.com/v2/enqueue");
    CHECK_FALSE(json::parse(request.body).contains("links"));
}

TEST_CASE("the plain rendering has what an event needs and no more") {
    const auto event = eventOf(tests::sampleNotice(), true);
    CHECK(event.size() == 4);
    CHECK(event["payload"].size() == 3);
}

TEST_CASE("hidden values leave the paths to PagerDuty") {
    const auto text = eventOf(tests::sampleNotice(), false, false).dump();
    CHECK(text.find("ingress[0].cidr_blocks[0]") != std::string::npos);
    CHECK(text.find("0.0.0.0/0") == std::string::npos);
}

TEST_CASE("a trouble without a stack is an event as well") {
    auto notice = tests::sampleNotice();
    notice.kind = IncidentKind::Repository;
    notice.subject = "infra";
    notice.text = "cannot be reached";
    notice.stacks.clear();
    const auto event = eventOf(notice);
    CHECK(event["payload"]["source"] == "infra");
    CHECK(event["payload"]["severity"] == "warning");
    CHECK(event["payload"]["custom_details"]["details"].get<std::string>().find(
              "cannot be reached") != std::string::npos);
}

TEST_CASE("PagerDuty takes a whole incident, whatever it is about") {
    for (const std::size_t drifts : {0U, 1U, 30U, 1000U}) {
        for (const bool plain : {false, true}) {
            tests::PagerDutyPeer peer(key);
            Memo memo;
            auto notice = drifts == 0 ? tests::sampleNotice() : tests::hostileNotice(drifts);
            for (const Event event :
                 {Event::Opened, Event::Changed, Event::Reminder, Event::Resolved}) {
                notice.event = event;
                CHECK(tests::deliver(*channel(), peer, notice, memo, plain).outcome ==
                      Outcome::Accepted);
            }
            REQUIRE(peer.alerts().size() == 1);
            CHECK(peer.alerts()[0].triggers == 3);
            CHECK_FALSE(peer.alerts()[0].isOpen);
        }
    }
}

TEST_CASE("what PagerDuty answers has a meaning") {
    struct Row {
        int status;
        const char* body;
        Outcome outcome;
    };
    const char* wrongKey =
        R"({"status":"invalid event","errors":["Length of 'routing_key' is incorrect"]})";
    for (const Row& row :
         {Row{202, R"({"status":"success"})", Outcome::Accepted},
          Row{200, "ok", Outcome::BadDestination}, Row{201, "", Outcome::BadDestination},
          Row{204, "", Outcome::BadDestination}, Row{301, "", Outcome::BadDestination},
          Row{400, R"({"status":"invalid event"})", Outcome::BadPayload},
          Row{400, wrongKey, Outcome::BadDestination}, Row{401, "", Outcome::BadDestination},
          Row{403, "", Outcome::BadDestination}, Row{404, "", Outcome::BadDestination},
          Row{408, "", Outcome::Transient}, Row{410, "", Outcome::BadDestination},
          Row{413, "", Outcome::BadPayload}, Row{422, "", Outcome::BadPayload},
          Row{429, "", Outcome::Throttled}, Row{500, "", Outcome::Transient},
          Row{502, "", Outcome::Transient}, Row{503, "", Outcome::Transient}}) {
        CAPTURE(row.status);
        CAPTURE(row.body);
        const auto result = tests::judged(*channel(), tests::answered(row.status, row.body + key));
        CHECK(result.outcome == row.outcome);
        CHECK(result.text.find("canary") == std::string::npos);
        CHECK_FALSE(result.more);
    }
    auto later = tests::answered(429);
    later.headers["retry-after"] = "30";
    CHECK(tests::judged(*channel(), later).retryAfter == Seconds(30));
}

}  // namespace
}  // namespace pagerduty_test
}  // namespace driftkeeper
