#include "tests/peers/teams.hpp"

#include <doctest/doctest.h>

#include <array>
#include <nlohmann/json.hpp>

#include "daemon/notify/channel.hpp"
#include "tests/daemon/notify/peer_delivery.hpp"

namespace driftkeeper {
namespace teams_test {
namespace {

using nlohmann::json;

const std::string target =
    "/powerautomate/automations/direct/workflows/1/triggers/manual/paths/invoke?sig=canary";

std::unique_ptr<Channel> teams(bool showValues = true,
                               const std::string& externalUrl = "http://127.0.0.1:9743/") {
    auto settings =
        tests::sampleSettings(*channelKind("teams"), "https://flows.example.com:443" + target);
    settings.showValues = showValues;
    return makeChannel(settings, externalUrl);
}

json bodyOf(const Notice& notice, bool plain = false, bool showValues = true) {
    const auto request = tests::rendered(*teams(showValues), notice, plain);
    CHECK(request.method == "POST");
    CHECK(request.url == "https://flows.example.com:443" + target);
    CHECK(request.body.find("canary") == std::string::npos);
    return json::parse(request.body);
}

json around(const json& blocks) {
    return {{"type", "message"},
            {"attachments",
             {{{"contentType", "application/vnd.microsoft.card.adaptive"},
               {"contentUrl", nullptr},
               {"content",
                {{"$schema", "http://adaptivecards.io/schemas/adaptive-card.json"},
                 {"type", "AdaptiveCard"},
                 {"version", "1.4"},
                 {"msteams", {{"width", "Full"}}},
                 {"body", blocks},
                 {"actions",
                  {{{"type", "Action.OpenUrl"},
                    {"title", "Open"},
                    {"url", "http://127.0.0.1:9743/#aaaaaaaa-bbbb-cccc-dddd-eeeeeeeeeeee"}}}}}}}}}};
}

json line(const json& runs) {
    return {{"type", "RichTextBlock"}, {"inlines", runs}};
}
json closeLine(const json& runs) {
    return {{"type", "RichTextBlock"}, {"inlines", runs}, {"spacing", "None"}};
}
json run(const std::string& text) {
    return {{"type", "TextRun"}, {"text", text}};
}
json code(const std::string& text) {
    return {{"type", "TextRun"}, {"text", text}, {"fontType", "Monospace"}};
}
json heading(const std::string& text, const std::string& colour) {
    return line(json::array({{{"type", "TextRun"},
                              {"text", text},
                              {"weight", "Bolder"},
                              {"size", "Medium"},
                              {"color", colour}}}));
}
json facts(const std::string& text) {
    return closeLine(json::array({{{"type", "TextRun"}, {"text", text}, {"isSubtle", true}}}));
}

TEST_CASE("an opened drift is a card with everything that one asks first") {
    const json strong{{"type", "TextRun"}, {"text", "live modified"}, {"weight", "Bolder"}};
    const json drift{
        {"type", "Container"},
        {"items", json::array({line(json::array({strong, run(" "), code("aws_security_group.web"),
                                                 run(" · critical · since 2026-11-22T19:02:00Z")})),
                               closeLine(json::array({code(
                                   "• ingress[0].cidr_blocks[0]: 10.0.0.0/8 → 0.0.0.0/0")}))})}};
    CHECK(bodyOf(tests::sampleNotice()) ==
          around(json::array(
              {heading("infra/prod/network drifted: 1 resource differs from Git", "Attention"),
               facts("opened · severity critical · since 2026-11-22T19:02:00Z"),
               line(json::array({code("infra/prod/network"),
                                 run(" · commit 3f2c9b1e5a · terraform · owner @org/network")})),
               drift, line(json::array({run("Apply to undo the live change, or commit it.")}))})));
}

TEST_CASE("a resolved incident is a green card") {
    CHECK(bodyOf(tests::sampleNotice(Event::Resolved)) ==
          around(json::array(
              {heading("Resolved: infra/prod/network", "Good"),
               facts("resolved · since 2026-11-22T19:02:00Z"),
               line(json::array({code("infra/prod/network"),
                                 run(" · commit 3f2c9b1e5a · terraform · owner @org/network")})),
               line(json::array({run("✓ aws_security_group.web in_sync")}))})));
}

TEST_CASE("the colour is the severity's") {
    constexpr std::array table{std::pair{Severity::Critical, "Attention"},
                               std::pair{Severity::Warning, "Warning"},
                               std::pair{Severity::Info, "Accent"}};
    for (const auto& [severity, colour] : table) {
        auto notice = tests::sampleNotice();
        notice.stacks[0].drifts[0].drift.severity = severity;
        CHECK(bodyOf(notice)["attachments"][0]["content"]["body"][0]["inlines"][0]["color"] ==
              colour);
    }
}

TEST_CASE("the plain card is two blocks of text") {
    const auto blocks = bodyOf(tests::sampleNotice(), true)["attachments"][0]["content"]["body"];
    REQUIRE(blocks.size() == 2);
    for (const auto& block : blocks) CHECK(block["type"] == "TextBlock");
    CHECK(blocks[0]["text"] == "infra/prod/network drifted:\u200b 1 resource differs from Git");
    const std::string text = blocks[1]["text"];
    CHECK(text.find("live modified aws\\_security\\_group.web · critical") != std::string::npos);
    CHECK(text.find("\n\nApply to undo the live change") != std::string::npos);
}

TEST_CASE("hidden values leave the paths in a card") {
    for (const bool plain : {false, true}) {
        const auto body = bodyOf(tests::sampleNotice(), plain, false).dump();
        CHECK(body.find("cidr") != std::string::npos);
        CHECK(body.find("0.0.0.0") == std::string::npos);
    }
}

TEST_CASE("without a page there is no button, and a link that is too long is none") {
    for (const auto& externalUrl :
         {std::string(), "https://example.com/" + std::string(30'000, 'x')}) {
        const auto request = tests::rendered(*teams(true, externalUrl), tests::hostileNotice(3));
        CHECK_FALSE(json::parse(request.body)["attachments"][0]["content"].contains("actions"));
        CHECK(request.body.size() <= 20'000);
    }
}

TEST_CASE("Teams takes a whole incident, whatever it is about") {
    for (const std::size_t drifts : {0U, 1U, 30U, 1000U})
        for (const bool plain : {false, true}) {
            if (plain && drifts == 1000) continue;  // slow, and nothing else than 30 of them
            tests::TeamsPeer peer(target);
            Memo memo;
            auto notice = drifts == 0 ? tests::sampleNotice() : tests::hostileNotice(drifts);
            for (const Event event :
                 {Event::Opened, Event::Changed, Event::Reminder, Event::Resolved}) {
                notice.event = event;
                CHECK(tests::deliver(*teams(), peer, notice, memo, plain).outcome ==
                      Outcome::Accepted);
            }
            REQUIRE(peer.cards().size() == 4);
            CHECK(memo.empty());
            CHECK(peer.cards()[0].link == "http://127.0.0.1:9743/#" + notice.incidentId);
            CHECK(peer.cards()[3].text.starts_with("Resolved:"));
            if (!plain) CHECK(peer.cards()[3].colour == "Good");
            if (drifts == 1000) CHECK(peer.cards()[0].text.find(" more") != std::string::npos);
        }
}

TEST_CASE("every answer of a workflow has its meaning") {
    struct Row {
        int status;
        const char* body;
        Outcome outcome;
    };
    constexpr std::array table{
        Row{202, "", Outcome::Accepted},
        Row{200, "", Outcome::Accepted},
        Row{200, "1", Outcome::Accepted},
        Row{201, "", Outcome::Accepted},
        Row{204, "", Outcome::Accepted},
        Row{200, "<!DOCTYPE html>", Outcome::BadDestination},
        Row{200, "Microsoft Teams endpoint returned HTTP error 429 with ContextId",
            Outcome::Throttled},
        Row{0, "", Outcome::Ambiguous},
        Row{301, "", Outcome::BadDestination},
        Row{400, "", Outcome::BadPayload},
        Row{400, R"({"error":{"code":"TriggerInputSchemaMismatch"}})", Outcome::BadPayload},
        Row{400, R"({"error":{"code":"WorkflowTriggerIsNotEnabled"}})", Outcome::BadDestination},
        Row{401, R"({"error":{"code":"DirectApiAuthorizationRequired"}})", Outcome::BadDestination},
        Row{403, "", Outcome::BadDestination},
        Row{404, R"({"error":{"code":"WorkflowNotFound"}})", Outcome::BadDestination},
        Row{408, "", Outcome::Transient},
        Row{410, "", Outcome::BadDestination},
        Row{413, "", Outcome::BadPayload},
        Row{422, "", Outcome::BadPayload},
        Row{429, "", Outcome::Throttled},
        Row{500, "", Outcome::Transient},
        Row{502, "", Outcome::Transient},
        Row{503, "", Outcome::Transient}};
    for (const auto& row : table) {
        CAPTURE(row.status);
        CAPTURE(row.body);
        const auto result = tests::judged(*teams(), tests::answered(row.status, row.body));
        CHECK(result.outcome == row.outcome);
        CHECK(result.text.find("canary") == std::string::npos);
        CHECK_FALSE(result.memo.has_value());
    }
    auto answer = tests::answered(429);
    answer.headers["retry-after"] = "17";
    CHECK(tests::judged(*teams(), answer).retryAfter == Seconds(17));
}

}  // namespace
}  // namespace teams_test
}  // namespace driftkeeper
