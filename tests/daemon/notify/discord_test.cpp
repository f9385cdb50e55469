#include "tests/peers/discord.hpp"

#include <doctest/doctest.h>

#include <array>
#include <nlohmann/json.hpp>

#include "daemon/notify/channel.hpp"
#include "tests/daemon/notify/peer_delivery.hpp"

namespace driftkeeper {
namespace discord_test {
namespace {

using nlohmann::json;

const std::string path = "/api/v10/webhooks/42/canary";
const std::string address = "https://discord.example.com" + path;
const Memo known{{"message", "1100000000000000000"}};

std::unique_ptr<Channel> discord(const std::string& url = address, const std::string& thread = "",
                                 bool showValues = true) {
    auto settings = tests::sampleSettings(*channelKind("discord"), url);
    settings.options["thread"] = {thread};
    settings.showValues = showValues;
    return makeChannel(settings, "http://127.0.0.1:9743/");
}

json bodyOf(Event event, bool plain = false, bool showValues = true) {
    const auto request =
        tests::rendered(*discord(address, "", showValues), tests::sampleNotice(event), plain);
    CHECK(request.body.find("canary") == std::string::npos);
    return json::parse(request.body);
}

json around(const std::string& content, const std::string& description, int colour) {
    return {{"content", content},
            {"embeds", {{{"description", description}, {"color", colour}}}},
            {"allowed_mentions", {{"parse", json::array()}}}};
}

TEST_CASE("an opened drift is an embed with everything that one asks first") {
    CHECK(bodyOf(Event::Opened) ==
          around("**infra/prod/network drifted:\u200b 1 resource differs from Git**",
                 "opened · severity critical · since 2026\\-11\\-22T19:\u200b02:\u200b00Z\n"
                 "`infra/prod/network` · commit 3f2c9b1e5a · terraform · owner @\u200borg/network\n"
                 "**live modified** `aws_security_group.web` · critical · since "
                 "2026\\-11\\-22T19:\u200b02:\u200b00Z\n"
                 "• `ingress[0].cidr_blocks[0]`: `10.0.0.0/8` → `0.0.0.0/0`\n"
                 "Apply to undo the live change, or commit it.\n"
                 "<http://127.0.0.1:9743/#aaaaaaaa-bbbb-cccc-dddd-eeeeeeeeeeee>",
                 0xe74c3c));
}

TEST_CASE("a resolved incident is a green embed") {
    CHECK(bodyOf(Event::Resolved) ==
          around("**Resolved:\u200b infra/prod/network**",
                 "resolved · since 2026\\-11\\-22T19:\u200b02:\u200b00Z\n"
                 "`infra/prod/network` · commit 3f2c9b1e5a · terraform · owner @\u200borg/network\n"
                 "✓ aws\\_security\\_group.web in\\_sync\n"
                 "<http://127.0.0.1:9743/#aaaaaaaa-bbbb-cccc-dddd-eeeeeeeeeeee>",
                 0x2ecc71));
}

TEST_CASE(
    "an incident is one message of Discord's, which is edited, and a new one for what happened "
    "since") {
    const auto root = tests::rendered(*discord(), tests::sampleNotice());
    CHECK(root.method == "POST");
    CHECK(root.url == address + "?wait=true");
    const auto made =
        tests::judged(*discord(), tests::answered(200, R"({"id":"1100000000000000000"})"));
    CHECK(made.outcome == Outcome::Delivered);
    CHECK_FALSE(made.more);
    CHECK(made.memo == known);

    for (const Event event : {Event::Changed, Event::Resolved}) {
        const auto update =
            tests::rendered(*discord(), tests::sampleNotice(event), false, 0, known);
        CHECK(update.method == "PATCH");
        CHECK(update.url == address + "/messages/1100000000000000000");
        const auto taken = tests::judged(
            *discord(), tests::answered(200, R"({"id":"1100000000000000000"})"), event, 0, known);
        CHECK(taken.outcome == Outcome::Delivered);
        CHECK(taken.more);
        CHECK_FALSE(taken.memo.has_value());
        const auto news = tests::rendered(*discord(), tests::sampleNotice(event), false, 1, known);
        CHECK(news.method == "POST");
        CHECK_FALSE(
            tests::judged(*discord(), tests::answered(200, R"({"id":"7"})"), event, 1, known).more);
    }
    CHECK(
        tests::rendered(*discord(), tests::sampleNotice(Event::Reminder), false, 0, known).method ==
        "POST");
}

TEST_CASE("the address keeps its own query, and a thread is named in every request") {
    const auto urlOf = [](const std::string& url, const Memo& memo) {
        return tests::rendered(*discord(url, "99"), tests::sampleNotice(Event::Changed), false, 0,
                               memo)
            .url;
    };
    CHECK(urlOf(address, {}) == address + "?wait=true&thread_id=99");
    CHECK(urlOf(address + "/?a=b", {}) == address + "?a=b&wait=true&thread_id=99");
    CHECK(urlOf(address, known) == address + "/messages/1100000000000000000?thread_id=99");
}

TEST_CASE("the plain message has no embed, also when it replaces one") {
    const auto body = bodyOf(Event::Opened, true);
    CHECK(body["embeds"].empty());
    const std::string content = body["content"];
    CHECK(content.starts_with(
        "infra/prod/network drifted:\u200b 1 resource differs from Git\nopened"));
    CHECK(content.find("aws\\_security\\_group.web") != std::string::npos);
    CHECK(content.size() <= 2000);
}

TEST_CASE("hidden values leave the paths in an embed") {
    for (const bool plain : {false, true}) {
        const auto body = bodyOf(Event::Opened, plain, false).dump();
        CHECK(body.find("cidr") != std::string::npos);
        CHECK(body.find("0.0.0.0") == std::string::npos);
    }
}

TEST_CASE("Discord takes a whole incident, whatever it is about") {
    for (const std::size_t drifts : {0U, 1U, 30U, 1000U})
        for (const bool plain : {false, true}) {
            if (plain && drifts == 1000) continue;  // slow, and nothing else than 30 of them
            tests::DiscordPeer peer(path, "99");
            Memo memo;
            auto notice = drifts == 0 ? tests::sampleNotice() : tests::hostileNotice(drifts);
            for (const Event event :
                 {Event::Opened, Event::Changed, Event::Reminder, Event::Resolved}) {
                notice.event = event;
                CHECK(tests::deliver(*discord(address, "99"), peer, notice, memo, plain).outcome ==
                      Outcome::Delivered);
            }
            REQUIRE(peer.messages().size() == 4);
            CHECK(peer.messages()[0].edits == 2);
            for (const std::size_t resolved : {0U, 3U}) {
                CHECK(peer.messages()[resolved].content.find("Resolved:") < 3);
                CHECK(peer.messages()[resolved].colour == (plain ? 0 : 0x2ecc71));
            }
        }
}

TEST_CASE("a message that somebody deleted at Discord is made anew") {
    tests::DiscordPeer peer(path);
    Memo memo;
    CHECK(tests::deliver(*discord(), peer, tests::sampleNotice(), memo).outcome ==
          Outcome::Delivered);
    const Memo before = memo;
    peer.forget();
    const auto gone = tests::deliver(*discord(), peer, tests::sampleNotice(Event::Resolved), memo);
    CHECK(gone.outcome == Outcome::Transient);
    CHECK(gone.retryAfter == Seconds(1));
    CHECK(memo.empty());
    CHECK(tests::deliver(*discord(), peer, tests::sampleNotice(Event::Resolved), memo).outcome ==
          Outcome::Delivered);
    CHECK(peer.messages().size() == 1);
    CHECK(memo.size() == 1);
    CHECK(memo != before);
}

TEST_CASE("every answer of Discord has its meaning") {
    struct Row {
        int status;
        const char* body;
        Outcome outcome;
        Event event = Event::Opened;
    };
    constexpr std::array table{
        Row{200, R"({"id":"1"})", Outcome::Delivered},
        Row{200, R"({"id":1})", Outcome::BadDestination},
        Row{200, R"({"id":"../x"})", Outcome::BadDestination},
        Row{200, "", Outcome::BadDestination},
        Row{200, "<html>", Outcome::BadDestination},
        Row{201, R"({"id":"1"})", Outcome::BadDestination},
        Row{202, "", Outcome::BadDestination},
        Row{204, "", Outcome::Accepted},
        Row{0, "", Outcome::Ambiguous},
        Row{301, "", Outcome::BadDestination},
        Row{400, R"({"code":50035,"message":"Invalid Form Body"})", Outcome::BadPayload},
        Row{400, R"({"code":220001})", Outcome::BadDestination},
        Row{400, R"({"code":160005})", Outcome::BadDestination},
        Row{400, R"({"code":50083})", Outcome::Transient, Event::Changed},
        Row{401, R"({"code":50027,"message":"Invalid Webhook Token"})", Outcome::BadDestination},
        Row{403, "", Outcome::BadDestination},
        Row{404, R"({"code":10015,"message":"Unknown Webhook"})", Outcome::BadDestination},
        Row{404, R"({"code":10015,"message":"Unknown Webhook"})", Outcome::BadDestination,
            Event::Changed},
        Row{404, R"({"code":10008,"message":"Unknown Message"})", Outcome::Transient,
            Event::Changed},
        Row{404, R"({"code":10008,"message":"Unknown Message"})", Outcome::BadDestination},
        Row{404, "", Outcome::BadDestination, Event::Changed},
        Row{408, "", Outcome::Transient},
        Row{410, "", Outcome::BadDestination},
        Row{413, "", Outcome::BadPayload},
        Row{422, "", Outcome::BadPayload},
        Row{429, "", Outcome::Throttled},
        Row{429, R"({"code":30046})", Outcome::Transient, Event::Changed},
        Row{500, "", Outcome::Transient},
        Row{502, "", Outcome::Transient},
        Row{503, "", Outcome::Transient}};
    for (const auto& row : table) {
        CAPTURE(row.status);
        CAPTURE(row.body);
        const Memo memo = row.event == Event::Changed ? known : Memo{};
        const auto result =
            tests::judged(*discord(), tests::answered(row.status, row.body), row.event, 0, memo);
        CHECK(result.outcome == row.outcome);
        CHECK(result.text.find("canary") == std::string::npos);
    }
}

TEST_CASE("a pause that Discord asks for is kept") {
    struct Row {
        const char* body;
        Seconds wait;
    };
    constexpr std::array table{Row{R"({"retry_after":64.57,"global":false})", Seconds(65)},
                               Row{R"({"retry_after":0.3})", Seconds(1)},
                               Row{R"({"retry_after":-1})", Seconds(0)},
                               Row{R"({"retry_after":1e300})", Seconds(86'400)},
                               Row{R"({"retry_after":"soon"})", Seconds(17)},
                               Row{"error code: 1015", Seconds(17)}};
    for (const auto& row : table) {
        CAPTURE(row.body);
        auto answer = tests::answered(429, row.body);
        answer.headers["retry-after"] = "17";
        CHECK(tests::judged(*discord(), answer).retryAfter == row.wait);
    }
}

}  // namespace
}  // namespace discord_test
}  // namespace driftkeeper
