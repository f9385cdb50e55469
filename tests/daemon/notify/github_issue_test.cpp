#include <doctest/doctest.h>

#include <nlohmann/json.hpp>

#include "daemon/notify/channel.hpp"
#include "tests/daemon/notify/peer_delivery.hpp"
#include "tests/peers/github.hpp"

namespace driftkeeper {
namespace github_issue_test {
namespace {

using nlohmann::json;

const std::string marker = "<!-- driftkeeper:incident=aaaaaaaa-bbbb-cccc-dddd-eeeeeeeeeeee -->";
const Memo known{{"number", "1347"}, {"where", "org/infra"}};

std::unique_ptr<Channel> channel(bool values = true) {
    auto settings = tests::sampleSettings(*channelKind("github_issue"), "http://127.0.0.1:9/");
    settings.secrets["token"].value = "ghp_canary";
    settings.options["repository"] = {"org/infra"};
    settings.showValues = values;
    return makeChannel(settings, "http://127.0.0.1:9743/");
}

// A search that found nothing, just now.
Memo absent() {
    return *tests::judged(*channel(), tests::answered(200, "[]")).memo;
}

Memo toldOf(Event event) {
    Memo memo = known;
    memo["updated"] = tests::sampleNotice(event).id;
    return memo;
}

struct Call {
    std::string what;  // PATCH /1347
    json body;
};

Call call(const Notice& notice, const Memo& memo, bool plain = false, bool values = true) {
    const auto request = tests::rendered(*channel(values), notice, plain, 1, memo);
    CHECK(request.headers.at("Authorization") == "Bearer ghp_canary");
    CHECK(request.body.find("canary") == std::string::npos);
    const std::string start = "http://127.0.0.1:9/repos/org/infra/issues";
    REQUIRE(request.url.starts_with(start));
    return {request.method + " " + request.url.substr(start.size()),
            request.body.empty() ? json() : json::parse(request.body)};
}

TEST_CASE("an issue is searched for and then made") {
    const auto search = call(tests::sampleNotice(), {});
    CHECK(search.what ==
          "GET ?labels=driftkeeper&state=open&per_page=100&since=2026-11-22T18:02:00Z");
    CHECK(search.body.is_null());
    const auto nothing = tests::judged(*channel(), tests::answered(200, "[]"));
    CHECK(nothing.outcome == Outcome::Delivered);
    CHECK(nothing.more);

    const auto create = call(tests::sampleNotice(), absent());
    CHECK(create.what == "POST ");
    const json issue = {
        {"title", "infra/prod/network drifted: 1 resource differs from Git"},
        {"labels", {"driftkeeper"}},
        {"body",
         marker +
             "\n\n"
             "opened · severity critical · since 2026\\-11\\-22T19:\u200b02:\u200b00Z  \n"
             "`infra/prod/network` · commit 3f2c9b1e5a · terraform · owner @\u200borg/network  \n"
             "**live modified** `aws_security_group.web` · critical · since "
             "2026\\-11\\-22T19:\u200b02:\u200b00Z  \n"
             "• `ingress[0].cidr_blocks[0]`: `10.0.0.0/8` → `0.0.0.0/0`  \n"
             "Apply to undo the live change, or commit it.\n\n"
             "http://127.0.0.1:9743/#aaaaaaaa-bbbb-cccc-dddd-eeeeeeeeeeee"}};
    CHECK(create.body == issue);
    const auto made = tests::judged(*channel(), tests::answered(201, R"({"number":1347})"),
                                    Event::Opened, 1, absent());
    CHECK(made.outcome == Outcome::Delivered);
    CHECK(made.memo == known);
    CHECK_FALSE(made.more);
}

TEST_CASE("the end closes the issue and says so in a comment") {
    const auto update = call(tests::sampleNotice(Event::Resolved), known);
    CHECK(update.what == "PATCH /1347");
    const std::string text =
        "resolved · since 2026\\-11\\-22T19:\u200b02:\u200b00Z  \n"
        "`infra/prod/network` · commit 3f2c9b1e5a · terraform · owner @\u200borg/network  \n"
        "✓ aws\\_security\\_group.web in\\_sync\n\n"
        "http://127.0.0.1:9743/#aaaaaaaa-bbbb-cccc-dddd-eeeeeeeeeeee";
    const json closed = {{"title", "Resolved: infra/prod/network"},
                         {"body", marker + "\n\n" + text},
                         {"state", "closed"},
                         {"state_reason", "completed"}};
    CHECK(update.body == closed);
    const auto taken =
        tests::judged(*channel(), tests::answered(200, "{}"), Event::Resolved, 0, known);
    CHECK(taken.more);
    CHECK(taken.memo == toldOf(Event::Resolved));

    const auto comment = call(tests::sampleNotice(Event::Resolved), toldOf(Event::Resolved));
    CHECK(comment.what == "POST /1347/comments");
    const json said = {{"body", "**Resolved:\u200b infra/prod/network**  \n" + text}};
    CHECK(comment.body == said);
    CHECK_FALSE(
        tests::judged(*channel(), tests::answered(201), Event::Resolved, 1, toldOf(Event::Resolved))
            .more);
}

TEST_CASE("a change updates the issue, a reminder is a comment alone") {
    CHECK(call(tests::sampleNotice(Event::Changed), known).what == "PATCH /1347");
    CHECK_FALSE(call(tests::sampleNotice(Event::Changed), known).body.contains("state"));
    CHECK(call(tests::sampleNotice(Event::Changed), toldOf(Event::Changed)).what ==
          "POST /1347/comments");
    CHECK(call(tests::sampleNotice(Event::Reminder), known).what == "POST /1347/comments");
}

TEST_CASE("GitHub is the usual place") {
    ChannelSettings settings;
    settings.kind = channelKind("github_issue");
    settings.secrets["token"].value = "ghp_canary";
    settings.options["repository"] = {"org/in fra"};
    const auto usual = makeChannel(settings, "");
    CHECK(tests::rendered(*usual, tests::sampleNotice())
              .url.starts_with("https://api.github.com/repos/org/in%20fra/"));
}

TEST_CASE("GitHub takes a whole incident, whatever it is about") {
    for (const std::size_t drifts : {0U, 1U, 30U, 1000U}) {
        for (const bool plain : {false, true}) {
            tests::GithubPeer github("ghp_canary", "org/infra");
            Memo memo;
            auto notice = drifts == 0 ? tests::sampleNotice() : tests::hostileNotice(drifts);
            int nth = 0;
            for (const Event event :
                 {Event::Opened, Event::Changed, Event::Reminder, Event::Resolved}) {
                notice.event = event;
                notice.id = std::to_string(++nth);
                CHECK(tests::deliver(*channel(), github, notice, memo, plain).outcome ==
                      Outcome::Delivered);
            }
            REQUIRE(github.issues().size() == 1);
            const auto& issue = github.issues()[0];
            CHECK(issue.edits == 2);
            CHECK(issue.comments.size() == 3);
            CHECK(issue.state == "closed");
            CHECK(issue.title.starts_with("Resolved: "));
        }
    }
}

TEST_CASE("an issue whose making was not answered is found again") {
    tests::GithubPeer github("ghp_canary", "org/infra");
    const auto create = tests::rendered(*channel(), tests::sampleNotice(), false, 1, absent());
    github.answer(tests::received(create));
    Answer lost;
    lost.written = true;
    lost.error = "timeout";
    const auto result = tests::judged(*channel(), lost, Event::Opened, 1, absent());
    CHECK(result.outcome == Outcome::Ambiguous);
    REQUIRE(result.memo == Memo{});
    Memo memo = *result.memo;
    CHECK(tests::deliver(*channel(), github, tests::sampleNotice(), memo).outcome ==
          Outcome::Delivered);
    CHECK(github.issues().size() == 1);
    CHECK(memo == known);
}

TEST_CASE("a create may take long") {
    const auto notice = tests::sampleNotice();
    const auto later = tests::sampleNow() + Seconds(20);
    const auto result = channel()->judge({notice, later, false, 1, absent()},
                                         tests::answered(201, R"({"number":1347})"));
    CHECK(result.outcome == Outcome::Delivered);
    CHECK(result.memo == known);
}

TEST_CASE("after a crash between the search and the answer the search is repeated") {
    const auto notice = tests::sampleNotice();
    const auto request = std::get<HttpRequest>(
        channel()->render({notice, tests::sampleNow(), false, 0, absent()}).value());
    CHECK(request.method == "GET");
}

TEST_CASE("an issue that somebody deleted is made anew, and not only to be closed") {
    tests::GithubPeer github("ghp_canary", "org/infra");
    for (const int status : {301, 404, 410})
        for (const Event event : {Event::Changed, Event::Reminder, Event::Resolved}) {
            const auto gone = tests::judged(*channel(), tests::answered(status), event, 0, known);
            CHECK(gone.outcome == Outcome::Transient);
            CHECK(gone.retryAfter == Seconds(1));
            CHECK(gone.memo == Memo{});
        }
    Memo memo;
    CHECK(tests::deliver(*channel(), github, tests::sampleNotice(Event::Resolved), memo).outcome ==
          Outcome::Delivered);
    CHECK(github.issues().empty());
    CHECK(tests::deliver(*channel(), github, tests::sampleNotice(Event::Changed), memo).outcome ==
          Outcome::Delivered);
    CHECK(github.issues().size() == 1);
}

TEST_CASE("an issue of another repository is not touched") {
    Memo other = known;
    other["where"] = "org/old";
    CHECK(call(tests::sampleNotice(Event::Resolved), other).what.starts_with("GET ?"));
}

TEST_CASE("the incident's issue is found among others, and pull requests are none") {
    const json ours = {{"number", 1347},
                       {"body", marker + "\n\nx"},
                       {"labels", json::array({{{"name", "driftkeeper"}}})}};
    const json other = {{"number", 2}, {"body", nullptr}};
    json pull = ours;
    pull["pull_request"] = json::object();
    const auto judged = [&](const std::string& text) {
        return tests::judged(*channel(), tests::answered(200, text));
    };
    const std::string whole = json::array({other, ours, other}).dump(2);
    CHECK(judged(whole).memo == known);
    CHECK(std::get<HttpRequest>(
              channel()->render({tests::sampleNotice(), tests::sampleNow()}).value())
              .mostAnswer > 1'000'000);
    CHECK(judged(json::array({pull}).dump()).memo->contains("absent"));
    const std::string cut = whole.substr(0, whole.size() - 5);
    for (const auto* nonsense : {cut.c_str(), "", "{}", "<html>", "null", R"({"number":1})"}) {
        CHECK(judged(nonsense).outcome == Outcome::BadDestination);
        CHECK_FALSE(judged(nonsense).more);
    }
}

TEST_CASE("the plain issue is short, and hidden values are in no issue") {
    const auto plain = call(tests::hostileNotice(1000), absent(), true).body;
    CHECK(plain["body"].get<std::string>().size() <= 1200);
    CHECK(plain["body"].get<std::string>().starts_with(marker));
    const auto hidden = call(tests::sampleNotice(), absent(), false, false).body.dump();
    CHECK(hidden.find("ingress[0].cidr_blocks[0]") != std::string::npos);
    CHECK(hidden.find("0.0.0.0/0") == std::string::npos);
}

TEST_CASE("what GitHub answers has a meaning, whether the issue is known or not") {
    struct Row {
        int status;
        const char* body;
        Outcome opening;
        Outcome update;
    };
    using enum Outcome;
    for (const Row& row :
         {Row{200, "[]", Delivered, Delivered},
          Row{200, "{}", BadDestination, Delivered},
          Row{201, R"({"number":1})", Delivered, BadDestination},
          Row{201, "ghp_canary", BadDestination, BadDestination},
          Row{202, "", BadDestination, BadDestination},
          Row{204, "", BadDestination, BadDestination},
          Row{301, "", BadDestination, Transient},
          Row{400, "", BadPayload, BadPayload},
          Row{401, R"({"message":"Bad credentials"})", BadDestination, BadDestination},
          Row{403, R"({"message":"Resource not accessible"})", BadDestination, BadDestination},
          Row{403, R"({"message":"You have exceeded a secondary rate limit"})", Throttled,
              Throttled},
          Row{404, "", BadDestination, Transient},
          Row{408, "", Transient, Transient},
          Row{410, "", BadDestination, Transient},
          Row{413, "", BadPayload, BadPayload},
          Row{422, R"({"message":"Validation Failed"})", BadPayload, BadPayload},
          Row{429, "Retry later", Throttled, Throttled},
          Row{500, "", Transient, Transient},
          Row{502, "", Transient, Transient},
          Row{503, "", Transient, Transient}}) {
        CAPTURE(row.status);
        CAPTURE(row.body);
        const auto answer = tests::answered(row.status, row.body);
        for (const auto& memo : {Memo{}, absent()}) {
            const auto opening = tests::judged(*channel(), answer, Event::Opened, 0, memo);
            CHECK(opening.outcome == row.opening);
            CHECK(opening.text.find("canary") == std::string::npos);
        }
        CHECK(tests::judged(*channel(), answer, Event::Changed, 0, known).outcome == row.update);
    }
}

TEST_CASE("GitHub says how long to wait") {
    auto answer = tests::answered(403);
    answer.headers = {{"x-ratelimit-remaining", "0"}, {"x-ratelimit-reset", "1795374720"}};
    auto result = tests::judged(*channel(), answer);
    CHECK(result.outcome == Outcome::Throttled);
    const auto now = std::chrono::floor<Seconds>(tests::sampleNow()).time_since_epoch();
    answer.headers["x-ratelimit-reset"] = std::to_string(now.count() + 300);
    CHECK(tests::judged(*channel(), answer).retryAfter == Seconds(300));
    answer.headers["x-ratelimit-reset"] = "99999999999999999";
    CHECK(tests::judged(*channel(), answer).retryAfter == Seconds(24 * 60 * 60));
    answer.headers["x-ratelimit-reset"] = "soon";
    CHECK(tests::judged(*channel(), answer).retryAfter == std::nullopt);
    answer.headers["retry-after"] = "60";
    CHECK(tests::judged(*channel(), answer).retryAfter == Seconds(60));
    answer.headers = {{"x-ratelimit-remaining", "12"}};
    CHECK(tests::judged(*channel(), answer).outcome == Outcome::BadDestination);
}

}  // namespace
}  // namespace github_issue_test
}  // namespace driftkeeper
