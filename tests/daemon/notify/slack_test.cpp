#include <doctest/doctest.h>

#include <nlohmann/json.hpp>

#include "daemon/notify/channel.hpp"
#include "tests/daemon/notify/sample_notice.hpp"

namespace driftkeeper {
namespace slack_test {
namespace {

using nlohmann::json;

json messageOf(const Notice& notice, bool plain = false, bool showValues = true) {
    ChannelSettings settings = tests::sampleSettings(*channelKind("slack"));
    settings.showValues = showValues;
    const auto request =
        tests::rendered(*makeChannel(settings, "http://127.0.0.1:9743/"), notice, plain);
    return json::parse(request.body);
}

// The text of every block, one a line.
std::string textOf(const json& message) {
    std::string text;
    for (const json& block : message["blocks"]) {
        if (block.contains("text")) text += block["text"]["text"].get<std::string>() + "\n";
        if (block.contains("elements"))
            for (const json& element : block["elements"])
                text += element["text"].get<std::string>() + "\n";
    }
    return text;
}

bool has(const std::string& text, std::string_view part) {
    return text.find(part) != std::string::npos;
}

TEST_CASE("a drift is shown with everything that one asks first") {
    CHECK(textOf(messageOf(tests::sampleNotice())) ==
          "infra/prod/network drifted: 1 resource differs from Git\n"
          "opened · severity critical · since 2026-11-22T19:02:00Z\n"
          "`infra/prod/network` · commit 3f2c9b1e5a · terraform · owner @org/network\n"
          "*live modified* `aws_security_group.web` · critical · since 2026-11-22T19:02:00Z\n"
          "• `ingress[0].cidr_blocks[0]`: `10.0.0.0/8` → `0.0.0.0/0`\n"
          "Apply to undo the live change, or commit it. · "
          "<http://127.0.0.1:9743/#aaaaaaaa-bbbb-cccc-dddd-eeeeeeeeeeee>\n");
    CHECK(messageOf(tests::sampleNotice())["text"] ==
          "infra/prod/network drifted: 1 resource differs from Git");
}

TEST_CASE("a resolved message says so and what was resolved") {
    const std::string text = textOf(messageOf(tests::sampleNotice(Event::Resolved)));
    CHECK(text.starts_with("Resolved: infra/prod/network\n"));
    CHECK(has(text, "✓ aws_security_group.web in_sync"));
}

TEST_CASE("a change marks what is new and what is gone") {
    Notice notice = tests::sampleNotice(Event::Changed);
    notice.openedAddresses = {{"infra/prod/network", "aws_security_group.web", ""}};
    notice.resolvedAddresses = {{"infra/prod/network", "aws_vpc.main", "in_sync"}};
    const std::string text = textOf(messageOf(notice));
    CHECK(text.starts_with("Changed: "));
    CHECK(has(text, "new: *live modified* `aws_security_group.web`"));
    CHECK(has(text, "✓ aws_vpc.main in_sync"));
}

TEST_CASE("hidden values leave the paths") {
    const std::string text = textOf(messageOf(tests::sampleNotice(), false, false));
    CHECK(has(text, "ingress[0].cidr_blocks[0]"));
    CHECK_FALSE(has(text, "0.0.0.0"));
}

TEST_CASE("trouble without a stack is its sentence") {
    Notice notice = tests::sampleNotice();
    notice.kind = IncidentKind::Repository;
    notice.subject = "infra";
    notice.text = "cannot be reached for 1 h";
    notice.stacks.clear();
    const std::string text = textOf(messageOf(notice));
    CHECK(has(text, "Repository in trouble: infra\n"));
    CHECK(has(text, "cannot be reached for 1 h\n"));
}

TEST_CASE("the plain rendering is text and nothing else") {
    const json message = messageOf(tests::sampleNotice(), true);
    CHECK_FALSE(message.contains("blocks"));
    CHECK(message["mrkdwn"] == false);
    CHECK(message["text"] ==
          "infra/prod/network drifted: 1 resource differs from Git\naws_security_group.web: live "
          "modified");
}

void checkLimits(const json& message) {
    std::size_t all = 0;
    REQUIRE(message["blocks"].size() <= 45);
    for (const json& block : message["blocks"]) {
        const json& text = block["type"] == "context" ? block["elements"][0] : block["text"];
        const std::string words = text["text"];
        all += words.size();
        CHECK_FALSE(words.empty());
        CHECK(words.size() <= (block["type"] == "header" ? 150U : 3000U));
        if (text["type"] == "plain_text")
            CHECK(text["emoji"] == false);
        else
            CHECK(text["verbatim"] == true);
    }
    CHECK(all <= 9000);
    CHECK(message["text"].get<std::string>().size() <= 4000);
}

TEST_CASE("Slack's limits hold whatever the content is") {
    for (const std::size_t count : {0U, 1U, 2U, 5U, 20U, 100U}) {
        CAPTURE(count);
        Notice notice = tests::hostileNotice(count);
        for (const Event event :
             {Event::Opened, Event::Changed, Event::Resolved, Event::Reminder}) {
            notice.event = event;
            notice.resolvedAddresses = notice.openedAddresses;
            checkLimits(messageOf(notice));
            CHECK(messageOf(notice, true)["text"].get<std::string>().size() <= 4000);
        }
    }
}

TEST_CASE("a notice of 10,000 drifts is within the limits as well") {
    Notice notice = tests::hostileNotice(10'000);
    notice.event = Event::Changed;
    checkLimits(messageOf(notice));
}

TEST_CASE("many stacks are cut off with a count of what is missing") {
    Notice notice = tests::sampleNotice();
    for (int i = 0; i < 200; ++i) notice.stacks.push_back(tests::sampleStack());
    const json message = messageOf(notice);
    checkLimits(message);
    std::size_t shown = 0;
    for (const json& block : message["blocks"]) shown += block["type"] == "section" ? 1 : 0;
    CHECK(shown > 10);
    CHECK(has(textOf(message), " more · "));
}

TEST_CASE("nobody can be called by what stands in a plan") {
    for (const bool plain : {false, true}) {
        const std::string body = messageOf(tests::hostileNotice(3), plain).dump();
        CHECK_FALSE(has(body, "<!"));
        CHECK_FALSE(has(body, "<@"));
        CHECK(body.find("<http") == body.rfind("<http"));  // our own
        CHECK((plain || has(body, "<http://127.0.0.1:9743/#")));
        CHECK_FALSE(has(body, "\\u001b"));
        CHECK_FALSE(has(body, "\xe2\x80\xae"));
    }
}

TEST_CASE("only Slack's own yes is a delivery, and its words say what is wrong") {
    struct Row {
        int status;
        const char* body;
        Outcome outcome;
    };
    const Row rows[] = {{200, "ok", Outcome::Delivered},
                        {200, "ok\n", Outcome::BadDestination},
                        {200, "<html>log in</html>", Outcome::BadDestination},
                        {200, "", Outcome::BadDestination},
                        {202, "ok", Outcome::BadDestination},
                        {200, "invalid_payload", Outcome::BadPayload},
                        {400, "invalid_blocks", Outcome::BadPayload},
                        {400, "user_not_found", Outcome::BadDestination},
                        {400, "anything", Outcome::BadPayload},
                        {403, "action_prohibited", Outcome::BadDestination},
                        {404, "no_service", Outcome::BadDestination},
                        {404, "channel_not_found", Outcome::BadDestination},
                        {410, "channel_is_archived", Outcome::BadDestination},
                        {500, "rollup_error", Outcome::Transient},
                        {500, "fatal_error", Outcome::Ambiguous},
                        {429, "", Outcome::Throttled},
                        {429, "internal_error", Outcome::Throttled},
                        {503, "", Outcome::Transient},
                        {302, "", Outcome::BadDestination}};
    const auto slack = makeChannel(tests::sampleSettings(*channelKind("slack")), "");
    for (const Row& row : rows) {
        CAPTURE(row.status);
        CAPTURE(row.body);
        CHECK(tests::judged(*slack, tests::answered(row.status, row.body)).outcome == row.outcome);
    }
}

TEST_CASE("every status that is not a success is judged as anywhere else") {
    const auto slack = makeChannel(tests::sampleSettings(*channelKind("slack")), "");
    const auto webhook = makeChannel(tests::sampleSettings(*channelKind("webhook")), "");
    for (int status = 100; status < 600; ++status) {
        CAPTURE(status);
        const Outcome outcome = tests::judged(*slack, tests::answered(status)).outcome;
        const bool success = status >= 200 && status < 300;
        CHECK(outcome == (success ? Outcome::BadDestination
                                  : tests::judged(*webhook, tests::answered(status)).outcome));
    }
}

}  // namespace
}  // namespace slack_test
}  // namespace driftkeeper
