#include <doctest/doctest.h>

#include <nlohmann/json.hpp>

#include "daemon/notify/channel.hpp"
#include "tests/daemon/notify/peer_delivery.hpp"
#include "tests/peers/slack.hpp"

namespace driftkeeper {

extern const ChannelKind slackBotChannel;  // of the name that two kinds share the second

namespace slack_bot_test {
namespace {

using nlohmann::json;

std::unique_ptr<Channel> bot() {
    auto settings = tests::sampleSettings(slackBotChannel, "http://127.0.0.1:9/api/");
    settings.secrets["bot_token"].value = "xoxb-canary";
    settings.options["channel"] = {"#drift"};
    return makeChannel(settings, "http://127.0.0.1:9743/");
}

const Memo known{{"channel", "C0123"}, {"ts", "1503435956.000247"}};

struct Call {
    std::string method;
    json body;
};

Call call(Event event, int step, Memo memo) {
    const auto request =
        tests::rendered(*bot(), tests::sampleNotice(event), false, step, std::move(memo));
    CHECK(request.headers.at("Authorization") == "Bearer xoxb-canary");
    CHECK(request.body.find("canary") == std::string::npos);
    return {request.url.substr(request.url.rfind('/') + 1), json::parse(request.body)};
}

TEST_CASE("an incident is one message, which is edited, with what happened in its thread") {
    const auto root = call(Event::Opened, 0, {});
    CHECK(root.method == "chat.postMessage");
    CHECK(root.body["channel"] == "#drift");
    CHECK(root.body["metadata"]["event_payload"]["id"] == tests::sampleNotice().id);
    CHECK_FALSE(root.body.contains("thread_ts"));
    const auto answer = tests::judged(
        *bot(), tests::answered(200, R"({"ok":true,"channel":"C0123","ts":"1503435956.000247"})"));
    CHECK(answer.outcome == Outcome::Delivered);
    CHECK_FALSE(answer.more);
    CHECK(answer.memo == known);

    for (const Event event : {Event::Changed, Event::Resolved}) {
        const auto update = call(event, 0, known);
        CHECK(update.method == "chat.update");
        CHECK(update.body["channel"] == "C0123");
        CHECK(update.body["ts"] == known.at("ts"));
        CHECK(update.body.contains("blocks"));
        const auto taken =
            tests::judged(*bot(), tests::answered(200, R"({"ok":true})"), event, 0, known);
        CHECK(taken.outcome == Outcome::Delivered);
        CHECK(taken.more);
        CHECK_FALSE(taken.memo.has_value());

        const auto reply = call(event, 1, known);
        CHECK(reply.method == "chat.postMessage");
        CHECK(reply.body["thread_ts"] == known.at("ts"));
        CHECK(reply.body.value("reply_broadcast", false) == (event == Event::Resolved));
        CHECK_FALSE(
            tests::judged(*bot(), tests::answered(200, R"({"ok":true})"), event, 1, known).more);
    }
    CHECK(call(Event::Reminder, 0, known).body["reply_broadcast"] == true);
}

TEST_CASE("a message that somebody deleted is made anew") {
    const auto result =
        tests::judged(*bot(), tests::answered(200, R"({"ok":false,"error":"message_not_found"})"),
                      Event::Changed, 0, known);
    CHECK(result.outcome == Outcome::Transient);
    CHECK(result.memo == Memo{});
    CHECK(call(Event::Changed, 0, {}).method == "chat.postMessage");
}

TEST_CASE("Slack takes a whole incident, whatever it is about") {
    for (const std::size_t drifts : {0U, 1U, 30U, 1000U}) {
        tests::SlackPeer slack("xoxb-canary");
        Memo memo;
        auto notice = drifts == 0 ? tests::sampleNotice() : tests::hostileNotice(drifts);
        for (const Event event :
             {Event::Opened, Event::Changed, Event::Reminder, Event::Resolved}) {
            notice.event = event;
            CHECK(tests::deliver(*bot(), slack, notice, memo).outcome == Outcome::Delivered);
        }
        REQUIRE(slack.messages().size() == 1);
        CHECK(slack.messages()[0].edits == 2);
        CHECK(slack.messages()[0].replies.size() == 3);
        CHECK(slack.messages()[0].text.starts_with("Resolved: "));
    }
}

TEST_CASE("the Web API says no with status 200") {
    struct Row {
        const char* body;
        Outcome outcome;
    };
    for (const Row& row :
         {Row{R"({"ok":false,"error":"invalid_auth"})", Outcome::BadDestination},
          Row{R"({"ok":false,"error":"not_in_channel"})", Outcome::BadDestination},
          Row{R"({"ok":false,"error":"invalid_blocks"})", Outcome::BadPayload},
          Row{R"({"ok":false,"error":"ratelimited"})", Outcome::Throttled},
          Row{R"({"ok":false,"error":"fatal_error"})", Outcome::Ambiguous},
          Row{R"({"ok":false,"error":"a_word_of_tomorrow"})", Outcome::BadDestination},
          Row{R"({"ok":"true"})", Outcome::BadDestination}, Row{"<html>", Outcome::BadDestination},
          Row{"", Outcome::BadDestination}}) {
        CAPTURE(row.body);
        const auto result = tests::judged(*bot(), tests::answered(200, row.body));
        CHECK(result.outcome == row.outcome);
        CHECK_FALSE(result.more);
    }
}

}  // namespace
}  // namespace slack_bot_test
}  // namespace driftkeeper
