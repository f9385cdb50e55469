#include "tests/peers/mattermost.hpp"

#include <doctest/doctest.h>

#include <array>
#include <nlohmann/json.hpp>

#include "daemon/notify/channel.hpp"
#include "tests/daemon/notify/peer_delivery.hpp"

namespace driftkeeper {
namespace mattermost_test {
namespace {

using nlohmann::json;

const std::string path = "/hooks/canary";

std::unique_ptr<Channel> mattermost(const std::string& channel = "", bool showValues = true) {
    auto settings =
        tests::sampleSettings(*channelKind("mattermost"), "https://chat.example.com" + path);
    settings.options["channel"] = {channel};
    settings.showValues = showValues;
    return makeChannel(settings, "http://127.0.0.1:9743/");
}

json bodyOf(Event event, bool plain = false, const std::string& channel = "",
            bool showValues = true) {
    const auto request =
        tests::rendered(*mattermost(channel, showValues), tests::sampleNotice(event), plain);
    CHECK(request.method == "POST");
    CHECK(request.url == "https://chat.example.com" + path);
    CHECK(request.body.find("canary") == std::string::npos);
    return json::parse(request.body);
}

TEST_CASE("an opened drift is an attachment with everything that one asks first") {
    const json attachment{
        {"fallback", "infra/prod/network drifted:\u200b 1 resource differs from Git"},
        {"color", "#e74c3c"},
        {"text",
         "opened · severity critical · since 2026\\-11\\-22T19:\u200b02:\u200b00Z\n"
         "`infra/prod/network` · commit 3f2c9b1e5a · terraform · owner @\u200borg/network\n"
         "**live modified** `aws_security_group.web` · critical · since "
         "2026\\-11\\-22T19:\u200b02:\u200b00Z\n"
         "• `ingress[0].cidr_blocks[0]`: `10.0.0.0/8` → `0.0.0.0/0`\n"
         "Apply to undo the live change, or commit it.\n"
         "http://127.0.0.1:9743/#aaaaaaaa-bbbb-cccc-dddd-eeeeeeeeeeee"}};
    CHECK(bodyOf(Event::Opened) ==
          json{{"text", "**infra/prod/network drifted:\u200b 1 resource differs from Git**"},
               {"attachments", json::array({attachment})}});
}

TEST_CASE("a resolved incident is a green attachment") {
    const json attachment{
        {"fallback", "Resolved:\u200b infra/prod/network"},
        {"color", "#2ecc71"},
        {"text",
         "resolved · since 2026\\-11\\-22T19:\u200b02:\u200b00Z\n"
         "`infra/prod/network` · commit 3f2c9b1e5a · terraform · owner @\u200borg/network\n"
         "✓ aws\\_security\\_group.web in\\_sync\n"
         "http://127.0.0.1:9743/#aaaaaaaa-bbbb-cccc-dddd-eeeeeeeeeeee"}};
    CHECK(bodyOf(Event::Resolved) == json{{"text", "**Resolved:\u200b infra/prod/network**"},
                                          {"attachments", json::array({attachment})}});
}

TEST_CASE("the plain message is text without an attachment") {
    const auto body = bodyOf(Event::Opened, true, "drift");
    CHECK(body.size() == 2);
    CHECK(body["channel"] == "drift");
    const std::string text = body["text"];
    CHECK(
        text.starts_with("infra/prod/network drifted:\u200b 1 resource differs from Git\nopened"));
    CHECK(text.find("live modified aws\\_security\\_group.web") != std::string::npos);
}

TEST_CASE("hidden values leave the paths in an attachment") {
    for (const bool plain : {false, true}) {
        const auto body = bodyOf(Event::Opened, plain, "", false).dump();
        CHECK(body.find("cidr") != std::string::npos);
        CHECK(body.find("0.0.0.0") == std::string::npos);
    }
}

TEST_CASE("Mattermost takes a whole incident, whatever it is about") {
    for (const std::size_t drifts : {0U, 1U, 30U, 1000U})
        for (const bool plain : {false, true}) {
            if (plain && drifts == 1000) continue;  // slow, and nothing else than 30 of them
            tests::MattermostPeer peer(path, {"drift"});
            Memo memo;
            auto notice = drifts == 0 ? tests::sampleNotice() : tests::hostileNotice(drifts);
            for (const Event event :
                 {Event::Opened, Event::Changed, Event::Reminder, Event::Resolved}) {
                notice.event = event;
                CHECK(tests::deliver(*mattermost("drift"), peer, notice, memo, plain).outcome ==
                      Outcome::Delivered);
            }
            REQUIRE(peer.posts().size() == 4);
            CHECK(memo.empty());
            CHECK(peer.posts()[0].channel == "drift");
            CHECK(peer.posts()[3].text.find("Resolved:") < 3);
            CHECK(peer.posts()[3].colour == (plain ? "" : "#2ecc71"));
        }
}

TEST_CASE("a channel that is not there is no fault of the message") {
    tests::MattermostPeer peer(path);
    Memo memo;
    CHECK(tests::deliver(*mattermost("nowhere"), peer, tests::sampleNotice(), memo).outcome ==
          Outcome::BadDestination);
    CHECK(tests::deliver(*mattermost(), peer, tests::sampleNotice(), memo).outcome ==
          Outcome::Delivered);
}

TEST_CASE("every answer of Mattermost and Rocket.Chat has its meaning") {
    struct Row {
        int status;
        const char* body;
        Outcome outcome;
    };
    constexpr std::array table{
        Row{200, "ok", Outcome::Delivered},
        Row{200, R"({"success":true})", Outcome::Delivered},
        Row{200, R"({"success":false})", Outcome::BadDestination},
        Row{200, "", Outcome::BadDestination},
        Row{200, "<html>log in</html>", Outcome::BadDestination},
        Row{201, "ok", Outcome::BadDestination},
        Row{202, "ok", Outcome::BadDestination},
        Row{204, "", Outcome::BadDestination},
        Row{0, "", Outcome::Ambiguous},
        Row{301, "", Outcome::BadDestination},
        Row{400, "", Outcome::BadPayload},
        Row{400, R"({"id":"web.incoming_webhook.parse.app_error"})", Outcome::BadPayload},
        Row{400, R"({"id":"web.incoming_webhook.text.app_error"})", Outcome::BadPayload},
        Row{400, R"({"id":"web.incoming_webhook.invalid.app_error"})", Outcome::BadDestination},
        Row{400, R"({"id":"web.incoming_webhook.user.app_error"})", Outcome::BadDestination},
        Row{401, "", Outcome::BadDestination},
        Row{403, R"({"id":"web.incoming_webhook.channel_locked.app_error"})",
            Outcome::BadDestination},
        Row{404, R"({"id":"web.incoming_webhook.channel.app_error"})", Outcome::BadDestination},
        Row{408, "", Outcome::Transient},
        Row{410, "", Outcome::BadDestination},
        Row{413, "", Outcome::BadPayload},
        Row{422, "", Outcome::BadPayload},
        Row{429, "", Outcome::Throttled},
        Row{500, R"({"id":"web.incoming_webhook.channel.app_error"})", Outcome::Transient},
        Row{501, R"({"id":"web.incoming_webhook.disabled.app_error"})", Outcome::BadDestination},
        Row{502, "", Outcome::Transient},
        Row{503, "", Outcome::Transient}};
    for (const auto& row : table) {
        CAPTURE(row.status);
        CAPTURE(row.body);
        const auto result = tests::judged(*mattermost(), tests::answered(row.status, row.body));
        CHECK(result.outcome == row.outcome);
        CHECK(result.text.find("canary") == std::string::npos);
    }
    auto answer = tests::answered(429);
    answer.headers["retry-after"] = "17";
    CHECK(tests::judged(*mattermost(), answer).retryAfter == Seconds(17));
}

}  // namespace
}  // namespace mattermost_test
}  // namespace driftkeeper
