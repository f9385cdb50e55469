#include <doctest/doctest.h>

#include <nlohmann/json.hpp>

#include "daemon/notify/channel.hpp"
#include "tests/daemon/notify/peer_delivery.hpp"
#include "tests/peers/ntfy.hpp"

namespace driftkeeper {
namespace ntfy_test {
namespace {

using nlohmann::json;

std::unique_ptr<Channel> channel(bool values = true, const std::string& token = "tk_canary") {
    auto settings = tests::sampleSettings(*channelKind("ntfy"), "http://127.0.0.1:9/");
    settings.options["topic"] = {"drift"};
    settings.secrets["token"].value = token;
    settings.showValues = values;
    return makeChannel(settings, "http://127.0.0.1:9743/");
}

json messageOf(const Notice& notice, bool plain = false, bool values = true) {
    const auto request = tests::rendered(*channel(values), notice, plain);
    CHECK(request.method == "POST");
    CHECK(request.url == "http://127.0.0.1:9/");
    CHECK(request.headers.at("Authorization") == "Bearer tk_canary");
    CHECK(request.body.find("canary") == std::string::npos);
    return json::parse(request.body);
}

TEST_CASE("a notice is one message of the topic") {
    const json opened = {
        {"topic", "drift"},
        {"title", "infra/prod/network drifted: 1 resource differs from Git"},
        {"message",
         "opened · severity critical · since 2026\\-11\\-22T19:\u200b02:\u200b00Z  \n"
         "`infra/prod/network` · commit 3f2c9b1e5a · terraform · owner @\u200borg/network  \n"
         "**live modified** `aws_security_group.web` · critical · since "
         "2026\\-11\\-22T19:\u200b02:\u200b00Z  \n"
         "• `ingress[0].cidr_blocks[0]`: `10.0.0.0/8` → `0.0.0.0/0`  \n"
         "Apply to undo the live change, or commit it."},
        {"markdown", true},
        {"priority", 5},
        {"tags", {"rotating_light"}},
        {"click", "http://127.0.0.1:9743/#aaaaaaaa-bbbb-cccc-dddd-eeeeeeeeeeee"}};
    CHECK(messageOf(tests::sampleNotice()) == opened);
    const json resolved = {
        {"topic", "drift"},
        {"title", "Resolved: infra/prod/network"},
        {"message",
         "resolved · since 2026\\-11\\-22T19:\u200b02:\u200b00Z  \n"
         "`infra/prod/network` · commit 3f2c9b1e5a · terraform · owner @\u200borg/network  \n"
         "✓ aws\\_security\\_group.web in\\_sync"},
        {"markdown", true},
        {"priority", 3},
        {"tags", {"white_check_mark"}},
        {"click", "http://127.0.0.1:9743/#aaaaaaaa-bbbb-cccc-dddd-eeeeeeeeeeee"}};
    CHECK(messageOf(tests::sampleNotice(Event::Resolved)) == resolved);
}

TEST_CASE("without a token nobody is named, and ntfy.sh is the usual place") {
    ChannelSettings settings;
    settings.kind = channelKind("ntfy");
    settings.options["topic"] = {"drift"};
    const auto open = makeChannel(settings, "");
    const auto request = tests::rendered(*open, tests::sampleNotice());
    CHECK(request.url == "https://ntfy.sh/");
    CHECK_FALSE(request.headers.contains("Authorization"));
    CHECK_FALSE(json::parse(request.body).contains("click"));
}

TEST_CASE("the severity is the priority of a message") {
    auto notice = tests::sampleNotice();
    auto& severity = notice.stacks[0].drifts[0].drift.severity;
    severity = notice.severity = Severity::Warning;
    CHECK(messageOf(notice)["priority"] == 4);
    CHECK(messageOf(notice)["tags"][0] == "warning");
    severity = notice.severity = Severity::Info;
    CHECK(messageOf(notice)["priority"] == 2);
}

TEST_CASE("a plain message is text, and hidden values are in no message") {
    const auto plain = messageOf(tests::sampleNotice(), true);
    CHECK(plain.size() == 4);
    CHECK(plain["message"].get<std::string>().find("aws_security_group.web") != std::string::npos);
    const auto hidden = messageOf(tests::sampleNotice(), false, false).dump();
    CHECK(hidden.find("ingress[0].cidr_blocks[0]") != std::string::npos);
    CHECK(hidden.find("0.0.0.0/0") == std::string::npos);
}

TEST_CASE("ntfy takes a whole incident, whatever it is about") {
    for (const std::size_t drifts : {0U, 1U, 30U, 1000U}) {
        for (const bool plain : {false, true}) {
            tests::NtfyPeer peer("drift", "tk_canary");
            Memo memo;
            auto notice = drifts == 0 ? tests::sampleNotice() : tests::hostileNotice(drifts);
            for (const Event event :
                 {Event::Opened, Event::Changed, Event::Reminder, Event::Resolved}) {
                notice.event = event;
                CHECK(tests::deliver(*channel(), peer, notice, memo, plain).outcome ==
                      Outcome::Delivered);
            }
            CHECK(peer.messages().size() == 4);
        }
    }
}

TEST_CASE("what ntfy answers has a meaning") {
    struct Row {
        int status;
        const char* body;
        Outcome outcome;
    };
    for (const Row& row :
         {Row{200, R"({"id":"sPs71M8A2T","event":"message"})", Outcome::Delivered},
          Row{200, "<html>", Outcome::BadDestination},
          Row{200, R"({"id":""})", Outcome::BadDestination},
          Row{201, "", Outcome::BadDestination},
          Row{202, "", Outcome::BadDestination},
          Row{204, "", Outcome::BadDestination},
          Row{301, "", Outcome::BadDestination},
          Row{400, R"({"code":40007,"http":400,"error":"invalid priority parameter"})",
              Outcome::BadPayload},
          Row{400, R"({"code":40009,"http":400,"error":"invalid request: topic invalid"})",
              Outcome::BadDestination},
          Row{400, R"({"code":40010,"http":400})", Outcome::BadDestination},
          Row{401, R"({"code":40101,"error":"unauthorized tk_canary"})", Outcome::BadDestination},
          Row{403, "", Outcome::BadDestination},
          Row{404, "", Outcome::BadDestination},
          Row{408, "", Outcome::Transient},
          Row{410, "", Outcome::BadDestination},
          Row{413, R"({"code":41303,"http":413})", Outcome::BadPayload},
          Row{422, "", Outcome::BadPayload},
          Row{429, R"({"code":42908,"http":429})", Outcome::Throttled},
          Row{500, "", Outcome::Transient},
          Row{502, "", Outcome::Transient},
          Row{503, "", Outcome::Transient},
          Row{507, "", Outcome::Transient}}) {
        CAPTURE(row.status);
        CAPTURE(row.body);
        const auto result = tests::judged(*channel(), tests::answered(row.status, row.body));
        CHECK(result.outcome == row.outcome);
        CHECK(result.text.find("canary") == std::string::npos);
    }
    auto later = tests::answered(429);
    later.headers["retry-after"] = "5";
    CHECK(tests::judged(*channel(), later).retryAfter == Seconds(5));
}

}  // namespace
}  // namespace ntfy_test
}  // namespace driftkeeper
