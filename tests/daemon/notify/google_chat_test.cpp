#include "tests/peers/google_chat.hpp"

#include <doctest/doctest.h>

#include <array>
#include <nlohmann/json.hpp>

#include "daemon/notify/channel.hpp"
#include "tests/daemon/notify/peer_delivery.hpp"

namespace driftkeeper {
namespace google_chat_test {
namespace {

using nlohmann::json;

const std::string address =
    "https://chat.example.com/v1/spaces/AAAA/messages?key=canary-key&token=canary-token";
const std::string replies = "&messageReplyOption=REPLY_MESSAGE_FALLBACK_TO_NEW_THREAD";

std::unique_ptr<Channel> chat(const std::string& url = address, bool showValues = true) {
    auto settings = tests::sampleSettings(*channelKind("google_chat"), url);
    settings.showValues = showValues;
    return makeChannel(settings, "http://127.0.0.1:9743/");
}

json bodyOf(Event event, bool plain = false, bool showValues = true) {
    const auto request =
        tests::rendered(*chat(address, showValues), tests::sampleNotice(event), plain);
    CHECK(request.method == "POST");
    CHECK(request.body.find("canary") == std::string::npos);
    return json::parse(request.body);
}

json around(const std::string& text) {
    return {{"text", text}, {"thread", {{"threadKey", "aaaaaaaa-bbbb-cccc-dddd-eeeeeeeeeeee"}}}};
}

TEST_CASE("an opened drift starts the thread of its incident") {
    CHECK(
        bodyOf(Event::Opened) ==
        around("*infra/prod/network drifted: 1 resource differs from Git*\n"
               "opened · severity critical · since 2026-11-22T19:02:00Z\n"
               "`infra/prod/network` · commit 3f2c9b1e5a · terraform · owner @org/network\n"
               "*live modified* `aws_security_group.web` · critical · since 2026-11-22T19:02:00Z\n"
               "• `ingress[0].cidr_blocks[0]`: `10.0.0.0/8` → `0.0.0.0/0`\n"
               "Apply to undo the live change, or commit it.\n"
               "<http://127.0.0.1:9743/#aaaaaaaa-bbbb-cccc-dddd-eeeeeeeeeeee>"));
}

TEST_CASE("a resolved incident is marked in its thread") {
    CHECK(bodyOf(Event::Resolved) ==
          around("✅ *Resolved: infra/prod/network*\n"
                 "resolved · since 2026-11-22T19:02:00Z\n"
                 "`infra/prod/network` · commit 3f2c9b1e5a · terraform · owner @org/network\n"
                 "✓ aws_security_group.web in_sync\n"
                 "<http://127.0.0.1:9743/#aaaaaaaa-bbbb-cccc-dddd-eeeeeeeeeeee>"));
}

TEST_CASE("the address says how to reply and which request it is") {
    const auto notice = tests::sampleNotice();
    CHECK(tests::rendered(*chat(), notice).url == address + replies + "&requestId=" + notice.id);
    CHECK(tests::rendered(*chat(), notice, true).url == address + replies);
    CHECK(tests::rendered(*chat("https://proxy.example.com/chat"), notice, true).url ==
          "https://proxy.example.com/chat?" + replies.substr(1));
}

TEST_CASE("the plain text has no marks") {
    const std::string text = bodyOf(Event::Opened, true)["text"];
    CHECK(text.starts_with("infra/prod/network drifted: 1 resource differs from Git\nopened"));
    CHECK(text.find("live modified aws_security_group.web · critical") != std::string::npos);
    CHECK(text.find('`') == std::string::npos);
}

TEST_CASE("hidden values leave the paths in a thread") {
    for (const bool plain : {false, true}) {
        const auto body = bodyOf(Event::Opened, plain, false).dump();
        CHECK(body.find("cidr") != std::string::npos);
        CHECK(body.find("0.0.0.0") == std::string::npos);
    }
}

TEST_CASE("Google Chat takes a whole incident, whatever it is about") {
    for (const std::size_t drifts : {0U, 1U, 30U, 1000U})
        for (const bool plain : {false, true}) {
            if (plain && drifts == 1000) continue;  // slow, and nothing else than 30 of them
            tests::GoogleChatPeer peer("canary-key", "canary-token");
            Memo memo;
            auto notice = drifts == 0 ? tests::sampleNotice() : tests::hostileNotice(drifts);
            for (const Event event :
                 {Event::Opened, Event::Changed, Event::Reminder, Event::Resolved}) {
                notice.event = event;
                notice.id = std::string(name(event));
                CHECK(tests::deliver(*chat(), peer, notice, memo, plain).outcome ==
                      Outcome::Delivered);
            }
            REQUIRE(peer.threads().size() == 1);
            const auto& texts = peer.threads().at(notice.incidentId);
            REQUIRE(texts.size() == 4);
            CHECK(texts[3].starts_with("✅ "));
            CHECK(memo.empty());
        }
}

TEST_CASE("a request that is repeated after no answer makes no second message") {
    tests::GoogleChatPeer peer("canary-key", "canary-token");
    Memo memo;
    for (int attempt = 0; attempt < 2; ++attempt)
        CHECK(tests::deliver(*chat(), peer, tests::sampleNotice(), memo).outcome ==
              Outcome::Delivered);
    CHECK(peer.threads().begin()->second.size() == 1);
}

TEST_CASE("a wrong key or token is no fault of the message") {
    Memo memo;
    for (const auto& [key, token] :
         {std::pair{"other", "canary-token"}, std::pair{"canary-key", "other"}}) {
        tests::GoogleChatPeer peer(key, token);
        CHECK(tests::deliver(*chat(), peer, tests::sampleNotice(), memo).outcome ==
              Outcome::BadDestination);
    }
}

TEST_CASE("every answer of Google Chat has its meaning") {
    struct Row {
        int status;
        const char* body;
        Outcome outcome;
    };
    constexpr std::array table{
        Row{200, R"({"name":"spaces/AAAA/messages/1.1"})", Outcome::Delivered},
        Row{200, R"({"name":1})", Outcome::BadDestination},
        Row{200, "", Outcome::BadDestination},
        Row{200, "<html>", Outcome::BadDestination},
        Row{201, R"({"name":"spaces/AAAA/messages/1.1"})", Outcome::BadDestination},
        Row{202, "", Outcome::BadDestination},
        Row{204, "", Outcome::BadDestination},
        Row{0, "", Outcome::Ambiguous},
        Row{301, "", Outcome::BadDestination},
        Row{400, R"({"error":{"status":"INVALID_ARGUMENT"}})", Outcome::BadPayload},
        Row{400, R"({"error":{"details":[{"reason":"API_KEY_INVALID"}]}})",
            Outcome::BadDestination},
        Row{401, "", Outcome::BadDestination},
        Row{403, R"({"error":{"status":"PERMISSION_DENIED"}})", Outcome::BadDestination},
        Row{403, R"({"error":{"status":"RESOURCE_EXHAUSTED"}})", Outcome::Throttled},
        Row{404, R"({"error":{"status":"NOT_FOUND"}})", Outcome::BadDestination},
        Row{408, "", Outcome::Transient},
        Row{410, "", Outcome::BadDestination},
        Row{413, "", Outcome::BadPayload},
        Row{422, "", Outcome::BadPayload},
        Row{429, R"({"error":{"status":"RESOURCE_EXHAUSTED"}})", Outcome::Throttled},
        Row{500, "", Outcome::Transient},
        Row{502, "", Outcome::Transient},
        Row{503, "", Outcome::Transient}};
    for (const auto& row : table) {
        CAPTURE(row.status);
        CAPTURE(row.body);
        const auto result = tests::judged(*chat(), tests::answered(row.status, row.body));
        CHECK(result.outcome == row.outcome);
        CHECK(result.text.find("canary") == std::string::npos);
    }
    auto answer = tests::answered(429);
    answer.headers["retry-after"] = "17";
    CHECK(tests::judged(*chat(), answer).retryAfter == Seconds(17));
}

}  // namespace
}  // namespace google_chat_test
}  // namespace driftkeeper
