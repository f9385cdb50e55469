// Who was alerted of a drift, and if nobody, why: the same answer in the text, the JSON, the page,
// the lists and the metrics of a real daemon.
#include <doctest/doctest.h>

#include <map>

#include "tests/e2e/daemon_world.hpp"

using namespace driftkeeper::tests;

namespace alert_state_test {
namespace {

// A repository with an applied stack of one item for each state that an alert can be in.
struct Fleet {
    GitWorld git;
    std::map<std::string, TerraformWorld> stacks;

    Fleet() {
        for (const auto* name : {"delivered", "undelivered", "grouping", "muted", "no_route",
                                 "unconfirmed", "suppressed", "slow"}) {
            const auto& stack = stacks.try_emplace(name, git.path() / name).first->second;
            stack.write("resource \"box_item\" \"a\" {\n  name = \"a\"\n  content = \"one\"\n}\n");
            stack.apply();
        }
        git.commit("the fleet");
    }
};

// Nothing is grouped but by its own route, which waits until every stack was looked at: one is not
// for an hour.
constexpr const char* routes = R"(routes:
  - { match: { stack: [infra/undelivered] }, channels: [down] }
  - { match: { stack: [infra/grouping] }, channels: [hook], group_wait: 1h }
  - { match: { stack: [infra/delivered, infra/muted] }, channels: [hook] }
ignores:
  - { name: content, match: { stack: infra/suppressed, type: box_item, attribute: content }, reason: written by hand }
)";

std::string channelsOf(const DaemonWorld& daemon) {
    return "channels:\n  - { name: hook, webhook: { url: \"" + daemon.hook.url() +
           "\" } }\n  - { name: down, webhook: { url: \"http://127.0.0.1:1/\" } }\n";
}

bool contains(const std::string& text, const std::string& part) {
    return text.find(part) != std::string::npos;
}

}  // namespace

TEST_CASE(
    "text, JSON, page, lists and metrics say of every drift whether anybody was alerted, and why "
    "not") {
    Fleet fleet;
    DaemonWorld daemon(fleet.stacks.at("delivered"));
    daemon.checks =
        "{ every: 2s, timeout: 60s, confirm: 2, confirm_after: 1s, unapplied_grace: 1h, "
        "stale_after: 2h, "
        "group_wait: 0s }";
    daemon.channels = channelsOf(daemon);
    daemon.more = routes;
    daemon.watch("infra", fleet.git.path().string(), "stacks: [ { path: slow, every: 1h } ]");
    daemon.start();
    for (const auto& [name, stack] : fleet.stacks)
        REQUIRE_MESSAGE(daemon.awaitVerdict("infra/" + name, "in_sync"), daemon.log());
    const auto silence =
        daemon.ask({"silence", "stack=infra/muted", "--for", "1h", "--reason", "maintenance"});
    REQUIRE_MESSAGE(silence.ok(), silence.err);
    CHECK(silence.err.empty());
    const std::string silenceId = daemon.api("silences").at("silences").at(0).at("id");

    for (const auto& [name, stack] : fleet.stacks)
        if (name != "unconfirmed" && name != "slow") stack.set("a", "content", "\"" + name + "\"");
    fleet.stacks.at("unconfirmed")
        .write("resource \"box_item\" \"a\" {\n  name = \"a\"\n  content = \"new\"\n}\n");
    fleet.git.commit("not applied yet");

    // What the text and the page say of each, once it has come so far.
    const std::map<std::string, std::string> sentences = {
        {"delivered", "delivered: hook at "},
        {"undelivered", "undelivered: down (transient: "},
        {"grouping", "grouping until "},
        {"muted", " by silence " + silenceId + ": maintenance"},
        {"no_route", "no route matches: nobody is alerted"},
        {"unconfirmed", "unconfirmed until "},
        {"suppressed", "suppressed by settings/content: written by hand"},
    };
    for (const auto& [state, sentence] : sentences) {
        CAPTURE(state);
        Finished why;
        const bool isSaid = eventually([&] {
            why = daemon.ask({"explain", "infra/" + state, "box_item.a"});
            return contains(why.out, sentence);
        });
        CHECK_MESSAGE(isSaid, why.out << why.err);
        const Json explained =
            daemon.api("stacks/infra%2F" + state + "/explain").at("differences").at(0);
        CHECK(explained.at("alert").at("state") == state);
        CHECK((explained.at("state") == "told") == (state == "delivered"));
        CHECK(explained.at("told").is_string() == (state == "delivered"));
        const bool waits = state == "unconfirmed" || state == "grouping" || state == "muted";
        CHECK(explained.at("alert").at("until").is_string() == waits);
        const std::string page = daemon.get("/stacks/infra%2F" + state);
        CHECK_MESSAGE(
            contains(page, state == "suppressed" ? "<h2>Suppressed: 1 difference" : sentence),
            page);
    }
    const auto alertOf = [&](const std::string& state) {
        return daemon.api("stacks/infra%2F" + state + "/explain")
            .at("differences")
            .at(0)
            .at("alert");
    };
    CHECK(alertOf("muted").at("silence") == silenceId);
    CHECK(alertOf("suppressed").at("rule") == "settings/content");
    const Json down = alertOf("undelivered").at("channels").at(0);
    CHECK(down.at("channel") == "down");
    CHECK(down.at("state") == "undelivered");
    CHECK(down.at("error").is_string());
    CHECK(down.at("next_try").is_string());
    CHECK(alertOf("delivered").at("channels").at(0).at("at").is_string());

    // The lists have what is confirmed, the metrics count everything.
    const std::string listed = daemon.ask({"findings"}).out;
    const Json findings = daemon.api("findings").at("findings");
    CHECK(findings.size() == 5);
    for (const auto& finding : findings) {
        const std::string state = finding.at("alert").at("state");
        CHECK("infra/" + state == finding.at("stack"));
        CHECK_MESSAGE(contains(listed, state), listed);
    }
    const std::string metrics = daemon.get("/metrics");
    for (const auto& [state, sentence] : sentences)
        CHECK_MESSAGE(contains(metrics, "driftkeeper_findings{state=\"" + state + "\"} 1\n"),
                      state);

    // What the silence kept back goes out when it ends.
    REQUIRE(daemon.ask({"silence", "--end", silenceId}).ok());
    CHECK(eventually([&] { return alertOf("muted").at("state") == "delivered"; }));
}

TEST_CASE("an address that is not there, and a silence that matches nothing, are said") {
    GitWorld git;
    const TerraformWorld stack(git.path() / "net");
    stack.write("resource \"box_item\" \"network\" {\n  name = \"a\"\n  content = \"one\"\n}\n");
    stack.apply();
    git.commit("one");
    DaemonWorld daemon(stack);
    daemon.watch("infra", git.path().string());
    daemon.start();
    REQUIRE(daemon.awaitVerdict("infra/net", "in_sync"));
    const auto same = daemon.ask({"explain", "infra/net", "box_item.network"});
    CHECK(same.ok());
    CHECK_MESSAGE(contains(same.out, "box_item.network does not differ.\n"), same.out);
    const auto typo = daemon.ask({"explain", "infra/net", "box_item.netwrok"});
    CHECK(typo.status == 2);
    CHECK(typo.out.empty());
    CHECK_MESSAGE(
        contains(typo.err, "no check of infra/net has seen the address \"box_item.netwrok\""),
        typo.err);
    CHECK_MESSAGE(contains(typo.err, "did you mean \"box_item.network\"?"), typo.err);

    const auto nothing =
        daemon.ask({"silence", "stack=infra/nett", "--for", "1h", "--reason", "typo"});
    CHECK(nothing.ok());
    CHECK_MESSAGE(contains(nothing.err, "nothing matches stack=infra/nett now"), nothing.err);
    const auto whole = daemon.ask({"silence", "stack=infra/*", "--for", "1h", "--reason", "all"});
    CHECK(whole.ok());
    CHECK(whole.err.empty());
}

}  // namespace alert_state_test
