#include "tests/peers/telegram.hpp"

#include <doctest/doctest.h>

#include <array>
#include <nlohmann/json.hpp>

#include "daemon/notify/channel.hpp"
#include "tests/daemon/notify/peer_delivery.hpp"

namespace driftkeeper {
namespace telegram_test {
namespace {

using nlohmann::json;

constexpr std::int64_t chatId = -1001234567890;
const Memo known{{"chat", "-1001234567890"}, {"message", "17"}};
const std::string made = R"({"ok":true,"result":{"message_id":17,"chat":{"id":-1001234567890}}})";

std::unique_ptr<Channel> bot(const std::string& chat = "-1001234567890",
                             const std::string& topic = "", bool showValues = true) {
    auto settings = tests::sampleSettings(*channelKind("telegram"), "http://127.0.0.1:9/");
    settings.secrets["bot_token"].value = "123:canary";
    settings.options["chat"] = {chat};
    settings.options["topic"] = {topic};
    settings.showValues = showValues;
    return makeChannel(settings, "http://127.0.0.1:9743/");
}

struct Call {
    std::string method;
    json body;
};

Call call(const Channel& channel, Event event, int step = 0, const Memo& memo = {},
          bool plain = false) {
    const auto request = tests::rendered(channel, tests::sampleNotice(event), plain, step, memo);
    const std::string start = "http://127.0.0.1:9/bot123:canary/";
    CHECK(request.url.starts_with(start));
    CHECK(request.body.find("canary") == std::string::npos);
    return {request.url.substr(start.size()), json::parse(request.body)};
}

json around(const std::string& text) {
    return {{"chat_id", chatId},
            {"text", text},
            {"parse_mode", "HTML"},
            {"link_preview_options", {{"is_disabled", true}}}};
}

TEST_CASE("an opened drift is a message with everything that one asks first") {
    const auto opened = call(*bot(), Event::Opened);
    CHECK(opened.method == "sendMessage");
    CHECK(opened.body == around("<b>infra/prod/network drifted: 1 resource differs from Git</b>\n"
                                "opened · severity critical · since 2026-11-22T19:02:00Z\n"
                                "<code>infra/prod/network</code> · commit 3f2c9b1e5a · terraform · "
                                "owner @\u200borg/network\n"
                                "<b>live modified</b> <code>aws_security_group.web</code> · "
                                "critical · since 2026-11-22T19:02:00Z\n"
                                "• <code>ingress[0].cidr_blocks[0]</code>: <code>10.0.0.0/8</code> "
                                "→ <code>0.0.0.0/0</code>\n"
                                "Apply to undo the live change, or commit it.\n"
                                "<a "
                                "href=\"http://127.0.0.1:9743/"
                                "#aaaaaaaa-bbbb-cccc-dddd-eeeeeeeeeeee\">http://127.0.0.1:9743/"
                                "#aaaaaaaa-bbbb-cccc-dddd-eeeeeeeeeeee</a>"));
}

TEST_CASE("a resolved incident is a message with a mark, also when nothing is known of it") {
    const auto resolved = call(*bot(), Event::Resolved);
    CHECK(resolved.method == "sendMessage");
    CHECK(resolved.body == around("✅ <b>Resolved: infra/prod/network</b>\n"
                                  "resolved · since 2026-11-22T19:02:00Z\n"
                                  "<code>infra/prod/network</code> · commit 3f2c9b1e5a · terraform "
                                  "· owner @\u200borg/network\n"
                                  "✓ aws_security_group.web in_sync\n"
                                  "<a "
                                  "href=\"http://127.0.0.1:9743/"
                                  "#aaaaaaaa-bbbb-cccc-dddd-eeeeeeeeeeee\">http://127.0.0.1:9743/"
                                  "#aaaaaaaa-bbbb-cccc-dddd-eeeeeeeeeeee</a>"));
}

TEST_CASE(
    "an incident is one message of Telegram's, which is edited, with replies that call people") {
    const auto first = tests::judged(*bot(), tests::answered(200, made));
    CHECK(first.outcome == Outcome::Delivered);
    CHECK_FALSE(first.more);
    CHECK(first.memo == known);

    for (const Event event : {Event::Changed, Event::Resolved}) {
        const auto update = call(*bot("@drift", "5"), event, 0, known);
        CHECK(update.method == "editMessageText");
        CHECK(update.body["chat_id"] == chatId);
        CHECK(update.body["message_id"] == 17);
        CHECK_FALSE(update.body.contains("message_thread_id"));
        const auto taken = tests::judged(*bot(), tests::answered(200, made), event, 0, known);
        CHECK(taken.more);
        CHECK_FALSE(taken.memo.has_value());

        const auto reply = call(*bot("@drift", "5"), event, 1, known);
        CHECK(reply.method == "sendMessage");
        CHECK(reply.body["reply_parameters"] ==
              json{{"message_id", 17}, {"allow_sending_without_reply", true}});
        CHECK(reply.body["message_thread_id"] == 5);
        CHECK_FALSE(tests::judged(*bot(), tests::answered(200, made), event, 1, known).more);
    }
    CHECK(call(*bot(), Event::Reminder, 0, known).body.contains("reply_parameters"));
    CHECK(call(*bot("@drift"), Event::Opened).body["chat_id"] == "@drift");
    CHECK(call(*bot("@drift", "5"), Event::Opened).body["message_thread_id"] == 5);
}

TEST_CASE("the plain message is text without a parse mode") {
    const auto body = call(*bot(), Event::Opened, 0, {}, true).body;
    CHECK_FALSE(body.contains("parse_mode"));
    const std::string text = body["text"];
    CHECK(text.starts_with("infra/prod/network drifted: 1 resource differs from Git\nopened"));
    CHECK(text.find("live modified aws_security_group.web · critical") != std::string::npos);
    CHECK(text.find('<') == std::string::npos);
}

TEST_CASE("hidden values leave the paths in a message") {
    for (const bool plain : {false, true}) {
        const auto body = call(*bot("1", "", false), Event::Opened, 0, {}, plain).body.dump();
        CHECK(body.find("cidr") != std::string::npos);
        CHECK(body.find("0.0.0.0") == std::string::npos);
    }
}

TEST_CASE("Telegram takes a whole incident, whatever it is about") {
    for (const std::size_t drifts : {0U, 1U, 30U, 1000U})
        for (const bool plain : {false, true}) {
            if (plain && drifts == 1000) continue;  // slow, and nothing else than 30 of them
            tests::TelegramPeer peer("123:canary", chatId, "@drift");
            Memo memo;
            auto notice = drifts == 0 ? tests::sampleNotice() : tests::hostileNotice(drifts);
            for (const Event event :
                 {Event::Opened, Event::Changed, Event::Reminder, Event::Resolved}) {
                notice.event = event;
                CHECK(tests::deliver(*bot("@drift", "5"), peer, notice, memo, plain).outcome ==
                      Outcome::Delivered);
            }
            REQUIRE(peer.messages().size() == 4);
            const auto& root = peer.messages()[0];
            CHECK(root.edits == 2);
            CHECK(root.text.starts_with("✅ "));
            for (const std::size_t reply : {1U, 2U, 3U}) {
                CHECK(peer.messages()[reply].replyTo == root.id);
                CHECK(peer.messages()[reply].thread == 5);
            }
        }
}

TEST_CASE("a message that somebody deleted at Telegram is made anew") {
    tests::TelegramPeer peer("123:canary", chatId);
    Memo memo;
    CHECK(tests::deliver(*bot(), peer, tests::sampleNotice(), memo).outcome == Outcome::Delivered);
    peer.forget();
    const auto gone = tests::deliver(*bot(), peer, tests::sampleNotice(Event::Resolved), memo);
    CHECK(gone.outcome == Outcome::Transient);
    CHECK(gone.retryAfter == Seconds(1));
    CHECK(memo.empty());
    CHECK(tests::deliver(*bot(), peer, tests::sampleNotice(Event::Resolved), memo).outcome ==
          Outcome::Delivered);
    CHECK(peer.messages().size() == 1);
}

TEST_CASE("an edit that Telegram has already is followed by its reply") {
    tests::TelegramPeer peer("123:canary", chatId);
    Memo memo;
    tests::deliver(*bot(), peer, tests::sampleNotice(), memo);
    for (int attempt = 0; attempt < 2; ++attempt)
        CHECK(tests::deliver(*bot(), peer, tests::sampleNotice(Event::Changed), memo).outcome ==
              Outcome::Delivered);
    CHECK(peer.messages().size() == 3);
    CHECK(peer.messages()[0].edits == 1);
}

TEST_CASE("a group that became a supergroup is followed") {
    tests::TelegramPeer peer("123:canary", -55);
    Memo memo;
    CHECK(tests::deliver(*bot("-55"), peer, tests::sampleNotice(), memo).outcome ==
          Outcome::Delivered);
    peer.migrateTo(chatId);
    const auto moved =
        tests::deliver(*bot("-55"), peer, tests::sampleNotice(Event::Resolved), memo);
    CHECK(moved.outcome == Outcome::Transient);
    CHECK(moved.retryAfter == Seconds(1));
    CHECK(memo == Memo{{"chat", "-1001234567890"}});
    CHECK(tests::deliver(*bot("-55"), peer, tests::sampleNotice(Event::Resolved), memo).outcome ==
          Outcome::Delivered);
    CHECK(peer.messages().size() == 1);
    CHECK(memo.at("chat") == "-1001234567890");
}

TEST_CASE("a chat or a topic that is no number cannot break the body") {
    const auto body = call(*bot("\",\"x\":\"", "5,\"y\":1"), Event::Opened).body;
    CHECK(body["chat_id"] == "\",\"x\":\"");
    CHECK(body["message_thread_id"] == "5,\"y\":1");
}

TEST_CASE("every answer of Telegram has its meaning") {
    struct Row {
        int status;
        std::string body;
        Outcome outcome;
    };
    const auto no = [](const std::string& words) {
        return R"({"ok":false,"description":")" + words + R"("})";
    };
    const std::array table{
        Row{200, made, Outcome::Delivered},
        Row{200, R"({"ok":false})", Outcome::BadDestination},
        Row{200, R"({"ok":true,"result":{"message_id":"x","chat":{"id":1}}})",
            Outcome::BadDestination},
        Row{200, "", Outcome::BadDestination},
        Row{200, "<html>", Outcome::BadDestination},
        Row{201, made, Outcome::BadDestination},
        Row{202, made, Outcome::BadDestination},
        Row{204, "", Outcome::BadDestination},
        Row{0, "", Outcome::Ambiguous},
        Row{301, "", Outcome::BadDestination},
        Row{400, "", Outcome::BadPayload},
        Row{400, no("Bad Request: can't parse entities: Unsupported start tag"),
            Outcome::BadPayload},
        Row{400, no("Bad Request: message is too long"), Outcome::BadPayload},
        Row{400, no("Bad Request: message is not modified"), Outcome::BadPayload},
        Row{400, no("Bad Request: chat not found"), Outcome::BadDestination},
        Row{400, no("Bad Request: message thread not found"), Outcome::BadDestination},
        Row{400, no("Bad Request: TOPIC_CLOSED"), Outcome::BadDestination},
        Row{400, no("Bad Request: not enough rights to send text messages to the chat"),
            Outcome::BadDestination},
        Row{401, no("Unauthorized"), Outcome::BadDestination},
        Row{403, no("Forbidden: bot was kicked from the group chat"), Outcome::BadDestination},
        Row{404, no("Not Found"), Outcome::BadDestination},
        Row{408, "", Outcome::Transient},
        Row{410, "", Outcome::BadDestination},
        Row{413, "", Outcome::BadPayload},
        Row{422, "", Outcome::BadPayload},
        Row{429, "", Outcome::Throttled},
        Row{500, no("Internal Server Error"), Outcome::Transient},
        Row{502, "", Outcome::Transient},
        Row{503, "", Outcome::Transient}};
    for (const auto& row : table) {
        CAPTURE(row.status);
        CAPTURE(row.body);
        const auto result = tests::judged(*bot(), tests::answered(row.status, row.body));
        CHECK(result.outcome == row.outcome);
        CHECK(result.text.find("canary") == std::string::npos);
        CHECK_FALSE(result.more);
    }
}

TEST_CASE("a pause that Telegram asks for is kept") {
    auto answer =
        tests::answered(429, R"({"ok":false,"error_code":429,"parameters":{"retry_after":35}})");
    answer.headers["retry-after"] = "17";
    CHECK(tests::judged(*bot(), answer).retryAfter == Seconds(35));
    answer.body.clear();
    CHECK(tests::judged(*bot(), answer).retryAfter == Seconds(17));
}

TEST_CASE("without a setting the bot is Telegram's own") {
    ChannelSettings settings;
    settings.kind = channelKind("telegram");
    settings.secrets["bot_token"].value = "123:canary";
    settings.options["chat"] = {"1"};
    CHECK(tests::rendered(*makeChannel(settings, ""), tests::sampleNotice()).url ==
          "https://api.telegram.org/bot123:canary/sendMessage");
}

}  // namespace
}  // namespace telegram_test
}  // namespace driftkeeper
