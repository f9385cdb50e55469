#include <doctest/doctest.h>

#include <nlohmann/json.hpp>

#include "daemon/notify/channel.hpp"
#include "tests/daemon/notify/peer_delivery.hpp"
#include "tests/peers/jira_service_management.hpp"

namespace driftkeeper {
namespace jira_service_management_test {
namespace {

using nlohmann::json;

std::unique_ptr<Channel> channel(bool values = true) {
    auto settings = tests::sampleSettings(*channelKind("jira_service_management"),
                                          "http://127.0.0.1:9/jsm/ops/integration/");
    settings.secrets["api_key"].value = "key-canary";
    settings.showValues = values;
    return makeChannel(settings, "http://127.0.0.1:9743/");
}

struct Call {
    std::string path;
    json body;
};

Call call(const Notice& notice, bool plain = false, int step = 0, bool values = true) {
    const auto request = tests::rendered(*channel(values), notice, plain, step);
    CHECK(request.method == "POST");
    CHECK(request.headers.at("Authorization") == "GenieKey key-canary");
    CHECK(request.body.find("canary") == std::string::npos);
    return {request.url.substr(std::string("http://127.0.0.1:9/jsm/ops/integration").size()),
            json::parse(request.body)};
}

TEST_CASE("an incident is an alert with its id as the alias") {
    const auto opened = call(tests::sampleNotice());
    CHECK(opened.path == "/v2/alerts");
    const json alert = {
        {"message", "infra/prod/network drifted: 1 resource differs from Git"},
        {"alias", "aaaaaaaa-bbbb-cccc-dddd-eeeeeeeeeeee"},
        {"description",
         "opened · severity critical · since 2026-11-22T19:02:00Z\n"
         "infra/prod/network · commit 3f2c9b1e5a · terraform · owner @org/network\n"
         "live modified aws_security_group.web · critical · since 2026-11-22T19:02:00Z\n"
         "• ingress[0].cidr_blocks[0]: 10.0.0.0/8 → 0.0.0.0/0\n"
         "Apply to undo the live change, or commit it.\n"
         "http://127.0.0.1:9743/#aaaaaaaa-bbbb-cccc-dddd-eeeeeeeeeeee"},
        {"priority", "P1"},
        {"entity", "infra/prod/network"},
        {"source", "driftkeeper"},
        {"tags", {"driftkeeper", "drift"}}};
    CHECK(opened.body == alert);

    const auto resolved = call(tests::sampleNotice(Event::Resolved));
    CHECK(resolved.path ==
          "/v2/alerts/aaaaaaaa-bbbb-cccc-dddd-eeeeeeeeeeee/close?identifierType=alias");
    const json close = {{"source", "driftkeeper"},
                        {"note",
                         "Resolved: infra/prod/network\n"
                         "resolved · since 2026-11-22T19:02:00Z\n"
                         "infra/prod/network · commit 3f2c9b1e5a · terraform · owner @org/network\n"
                         "✓ aws_security_group.web in_sync\n"
                         "http://127.0.0.1:9743/#aaaaaaaa-bbbb-cccc-dddd-eeeeeeeeeeee"}};
    CHECK(resolved.body == close);
}

TEST_CASE("a change is counted by its alert and told in a note") {
    CHECK(call(tests::sampleNotice(Event::Changed)).path == "/v2/alerts");
    CHECK(tests::judged(*channel(), tests::answered(202), Event::Changed, 0).more);
    const auto note = call(tests::sampleNotice(Event::Changed), false, 1);
    CHECK(note.path ==
          "/v2/alerts/aaaaaaaa-bbbb-cccc-dddd-eeeeeeeeeeee/notes?identifierType=alias");
    CHECK(note.body["note"].get<std::string>().starts_with("Changed: infra/prod/network drifted"));
    CHECK_FALSE(tests::judged(*channel(), tests::answered(202), Event::Changed, 1).more);
    CHECK_FALSE(tests::judged(*channel(), tests::answered(202), Event::Reminder, 0).more);
    CHECK_FALSE(tests::judged(*channel(), tests::answered(503), Event::Changed, 0).more);
}

TEST_CASE("Atlassian is the usual place") {
    ChannelSettings settings;
    settings.kind = channelKind("jira_service_management");
    settings.secrets["api_key"].value = "key-canary";
    const auto usual = makeChannel(settings, "");
    CHECK(tests::rendered(*usual, tests::sampleNotice()).url ==
          "https://api.atlassian.com/jsm/ops/integration/v2/alerts");
}

TEST_CASE("the severity is the priority") {
    auto notice = tests::sampleNotice();
    auto& severity = notice.stacks[0].drifts[0].drift.severity;
    severity = notice.severity = Severity::Warning;
    CHECK(call(notice).body["priority"] == "P3");
    severity = notice.severity = Severity::Info;
    CHECK(call(notice).body["priority"] == "P5");
}

TEST_CASE("the plain alert is short, and hidden values are nowhere") {
    const auto plain = call(tests::hostileNotice(1000), true).body;
    CHECK(plain.size() == 4);
    CHECK(plain["description"].get<std::string>().size() <= 1000);
    const auto hidden = call(tests::sampleNotice(), false, 0, false).body.dump();
    CHECK(hidden.find("ingress[0].cidr_blocks[0]") != std::string::npos);
    CHECK(hidden.find("0.0.0.0/0") == std::string::npos);
}

TEST_CASE("Jira Service Management takes a whole incident, whatever it is about") {
    for (const std::size_t drifts : {0U, 1U, 30U, 1000U}) {
        for (const bool plain : {false, true}) {
            tests::JiraServiceManagementPeer peer("key-canary");
            Memo memo;
            auto notice = drifts == 0 ? tests::sampleNotice() : tests::hostileNotice(drifts);
            for (const Event event :
                 {Event::Opened, Event::Changed, Event::Reminder, Event::Resolved}) {
                notice.event = event;
                CHECK(tests::deliver(*channel(), peer, notice, memo, plain).outcome ==
                      Outcome::Accepted);
            }
            REQUIRE(peer.alerts().size() == 1);
            CHECK(peer.alerts()[0].count == 3);
            REQUIRE(peer.alerts()[0].notes.size() == 2);
            CHECK(peer.alerts()[0].notes[1].starts_with("Resolved: "));
            CHECK_FALSE(peer.alerts()[0].isOpen);
        }
    }
}

TEST_CASE("what Jira Service Management answers has a meaning") {
    struct Row {
        int status;
        const char* body;
        Outcome outcome;
    };
    for (const Row& row :
         {Row{202, R"({"result":"Request will be processed"})", Outcome::Accepted},
          Row{200, "<html>", Outcome::BadDestination}, Row{201, "", Outcome::BadDestination},
          Row{204, "", Outcome::BadDestination}, Row{301, "", Outcome::BadDestination},
          Row{400, "", Outcome::BadPayload},
          Row{401, R"({"message":"Could not authenticate key-canary"})", Outcome::BadDestination},
          Row{403, R"({"message":"You are not authorized"})", Outcome::BadDestination},
          Row{404, "", Outcome::BadDestination}, Row{408, "", Outcome::Transient},
          Row{410, "", Outcome::BadDestination}, Row{413, "", Outcome::BadPayload},
          Row{422, R"({"errors":{"message":"Message can not be empty."}})", Outcome::BadPayload},
          Row{429, "", Outcome::Throttled}, Row{500, "", Outcome::Transient},
          Row{502, "", Outcome::Transient}, Row{503, "", Outcome::Transient}}) {
        CAPTURE(row.status);
        const auto result = tests::judged(*channel(), tests::answered(row.status, row.body));
        CHECK(result.outcome == row.outcome);
        CHECK(result.text.find("canary") == std::string::npos);
    }
    auto later = tests::answered(429);
    later.headers["retry-after"] = "7";
    CHECK(tests::judged(*channel(), later).retryAfter == Seconds(7));
}

}  // namespace
}  // namespace jira_service_management_test
}  // namespace driftkeeper
