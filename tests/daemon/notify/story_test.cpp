#include "daemon/notify/story.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <array>
#include <vector>

#include "parsers/graph/reason_code.hpp"
#include "tests/daemon/notify/sample_notice.hpp"

namespace driftkeeper {
namespace story_test {
namespace {

// Those that people read as it is: an address, and no service that keeps things open.
std::vector<const ChannelKind*> chats() {
    std::vector<const ChannelKind*> kinds;
    for (const auto* kind : channelKinds()) {
        const bool isWeb = std::ranges::find(kind->options, OptionSpec::Kind::SecretUrl,
                                             &OptionSpec::kind) != kind->options.end();
        if (isWeb && !kind->keepsOpen) kinds.push_back(kind);
    }
    return kinds;
}

TEST_CASE("a story says everything that one asks first") {
    auto notice = tests::sampleNotice();
    notice.stacks[0].touch = Touch{"ab12cd34ef56ab12cd34", "Ada Test", {}, "open the port"};
    const auto story = storyOf(notice, true, "https://drift.example.org/");
    CHECK(story.title == "infra/prod/network drifted: 1 resource differs from Git");
    CHECK(setBody(story, plainMarkup, 4000) ==
          "opened · severity critical · since 2026-11-22T19:02:00Z\n"
          "infra/prod/network · commit 3f2c9b1e5a · last touched by Ada Test in ab12cd34ef · "
          "terraform · owner "
          "@org/network\n"
          "live modified aws_security_group.web · critical · since 2026-11-22T19:02:00Z\n"
          "• ingress[0].cidr_blocks[0]: 10.0.0.0/8 → 0.0.0.0/0\n"
          "Apply to undo the live change, or commit it.\n"
          "https://drift.example.org/#" +
              notice.incidentId);
}

TEST_CASE("a digest counts in its title and lists below it, in every chat") {
    Notice notice;
    notice.id = notice.incidentId = "aaaaaaaa-bbbb-cccc-dddd-eeeeeeeeeeee";
    notice.event = Event::Digest;
    notice.kind = IncidentKind::Digest;
    notice.opened = tests::sampleNow();
    notice.digest = Notice::Digest{
        tests::sampleNow(), 2, 1, 3, 1, {"Open, the longest first:", "infra/net box.a 9 days"}};
    const auto story = storyOf(notice, true, "https://drift.example.org/");
    CHECK(story.title == "Digest: 2 drifts open, 1 new, 3 resolved, 1 stack not checked");
    CHECK(story.severity == Severity::Info);
    CHECK(story.link == "https://drift.example.org/");
    const auto body = setBody(story, plainMarkup, 4000);
    CHECK(body.find("Open, the longest first:\ninfra/net box.a 9 days\n") != std::string::npos);
    CHECK(body.find("severity") == std::string::npos);
    for (const auto* kind : chats()) {
        const auto settings = tests::filledSettings(*kind, "http://127.0.0.1:9/");
        const auto request = tests::rendered(*makeChannel(settings, ""), notice);
        CHECK_MESSAGE(request.body.find("9 days") != std::string::npos, request.body);
        CHECK_MESSAGE(request.body.find("Open, the longest first") != std::string::npos,
                      request.body);
    }
}

TEST_CASE("a story says who moved a thing and who else uses it, in every chat") {
    auto notice = tests::sampleNotice();
    auto& drift = notice.stacks.at(0).drifts.at(0).drift;
    drift.changedBy = "kubectl-edit";
    drift.dependentsElsewhere = {{"infra/prod/app", "aws_instance.web"},
                                 {"infra/prod/app", "aws_instance.db"}};
    const auto body = setBody(storyOf(notice, true, ""), plainMarkup, 4000);
    CHECK(body.find("\nchanged by kubectl-edit\nalso used by infra/prod/app: aws_instance.web (+1 "
                    "more)\n") != std::string::npos);
    for (const auto* kind : chats()) {
        const auto settings = tests::filledSettings(*kind, "http://127.0.0.1:9/");
        const auto request = tests::rendered(*makeChannel(settings, ""), notice);
        for (const std::string_view said : {"edit", "infra/prod/app"})
            CHECK_MESSAGE(request.body.find(said) != std::string::npos, request.body);
    }
}

TEST_CASE("an ownership says what to do") {
    auto notice = tests::sampleNotice();
    notice.kind = IncidentKind::Ownership;
    notice.cause = "dual_ownership";
    notice.stacks.push_back(notice.stacks.front());
    CHECK(storyOf(notice, true, "").next == adviceForReason("dual_ownership"));
}

TEST_CASE("a trouble gives the advice of its code, and where to read more") {
    auto notice = tests::sampleNotice();
    notice.kind = IncidentKind::Stale;
    notice.cause = "state_locked";
    CHECK(storyOf(notice, true, "").next == std::string(adviceForReason("state_locked")) +
                                                " More: driftkeeper explain " +
                                                notice.stacks.front().stack);
    notice.kind = IncidentKind::Repository;
    notice.cause = "git_credentials";
    notice.stacks.clear();
    CHECK(storyOf(notice, true, "").next == adviceForReason("git_credentials"));
}

TEST_CASE("a story names the first owners and counts the others") {
    auto notice = tests::sampleNotice();
    notice.stacks[0].owners = {"@a", "@b"};
    CHECK(storyOf(notice, true, "").stacks.at(0).facts.back() == "owners @a, @b");
    notice.stacks[0].owners = {"@a", "@b", "@c", "@d", "@e", "@f", "@g"};
    CHECK(storyOf(notice, true, "").stacks.at(0).facts.back() ==
          "owners @a, @b, @c, @d, @e +2 more");
    notice.stacks[0].owners.clear();
    CHECK(storyOf(notice, true, "").stacks.at(0).facts.back() == "terraform");
}

TEST_CASE("hidden values leave the paths") {
    const auto text = setBody(storyOf(tests::sampleNotice(), false, ""), plainMarkup, 4000);
    CHECK(text.find("ingress[0].cidr_blocks[0]") != std::string::npos);
    CHECK(text.find("0.0.0.0") == std::string::npos);
}

// Line ends are a body's own.
std::string joined(std::string text) {
    std::erase(text, '\n');
    return text;
}

TEST_CASE("a body keeps to its size whatever the content is, and counts what it leaves out") {
    for (const std::size_t count : {1U, 3U, 50U, 10'000U}) {
        auto notice = tests::hostileNotice(count);
        for (const Event event :
             {Event::Opened, Event::Changed, Event::Resolved, Event::Reminder}) {
            notice.event = event;
            notice.resolvedAddresses = notice.openedAddresses;
            const auto story = storyOf(notice, true, "http://127.0.0.1:9743/");
            for (const Markup* markup : {&plainMarkup, &mrkdwnMarkup, &markdownMarkup, &htmlMarkup})
                for (const std::size_t bytes : {300U, 1500U, 4000U, 20'000U}) {
                    const auto body = setBody(story, *markup, bytes);
                    CHECK(body.size() <= bytes);
                    CHECK(tests::isClean(joined(body)));
                    if (count == 10'000) CHECK(body.find(" more") != std::string::npos);
                }
        }
    }
}

TEST_CASE("a value of a megabyte is cut between characters, wherever the cut falls") {
    for (const std::size_t before : {0U, 1U, 2U, 3U}) {
        std::string value = '"' + std::string(before, 'x');
        while (value.size() < 1'000'000)
            value += "\xf0\x9f\x94\xa5\xe2\x80\xae";  // a fire, and a text turned around
        auto notice = tests::sampleNotice();
        notice.stacks[0].drifts[0].drift.attributes = {{value, value + '"', "null", false}};
        const auto story = storyOf(notice, true, "");
        for (const Markup* markup : {&plainMarkup, &mrkdwnMarkup, &markdownMarkup, &htmlMarkup})
            for (const std::size_t bytes : {400U, 3000U}) {
                const auto body = setBody(story, *markup, bytes);
                CHECK(body.size() <= bytes);
                CHECK(tests::isClean(joined(body)));
                CHECK(body.find("\xe2\x80\xae") == std::string::npos);
            }
    }
}

TEST_CASE("every kind of drift has its next step") {
    struct Row {
        Side side;
        Change change;
        const char* cause;
        const char* next;
    };
    constexpr std::array table{
        Row{Side::Live, Change::Modified, "out_of_band", "undo the live change"},
        Row{Side::Live, Change::Deleted, "out_of_band", "create it again"},
        Row{Side::Live, Change::Created, "unmanaged", "Add it to Git"},
        Row{Side::Live, Change::Modified, "applied_elsewhere", "who applied it"},
        Row{Side::Git, Change::Created, "unapplied_commit", "Apply the commit"},
        Row{Side::Git, Change::Modified, "tainted", "replace the object"},
        Row{Side::Git, Change::Modified, "perpetual", "does not help"},
        Row{Side::Live, Change::Modified, "provider_upgrade", "provider version"},
        Row{Side::Both, Change::Modified, "conflict", "Decide"}};
    for (const auto& row : table) {
        CAPTURE(row.cause);
        auto notice = tests::sampleNotice();
        auto& drift = notice.stacks[0].drifts[0].drift;
        drift.side = row.side;
        drift.change = row.change;
        drift.cause = row.cause;
        CHECK(storyOf(notice, true, "").next.find(row.next) != std::string::npos);
        notice.event = Event::Resolved;
        CHECK(storyOf(notice, true, "").next.empty());
    }
}

}  // namespace
}  // namespace story_test
}  // namespace driftkeeper
