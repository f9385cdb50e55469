#include <doctest/doctest.h>

#include <csignal>
#include <mutex>

#include "tests/e2e/daemon_world.hpp"
#include "tests/peers/slack.hpp"

using namespace driftkeeper::tests;

namespace alerts_test {
namespace {

constexpr const char* oneItem =
    "resource \"box_item\" \"a\" {\n  name = \"a\"\n  content = \"one\"\n}\n";

// One applied stack in a repository.
struct Estate {
    GitWorld git;
    TerraformWorld terraform{git.path() / "net"};
    Estate() {
        terraform.write(oneItem);
        terraform.apply();
        git.commit("one");
    }
    void edit(const std::string& content) const {
        terraform.set("a", "content", "\"" + content + "\"");
    }
};

// A peer behind a receiver, asked from both of their threads.
template <class Kind>
class Guarded {
public:
    template <class... Arguments>
    explicit Guarded(HttpReceiver& receiver, Arguments... arguments) : peer_(arguments...) {
        receiver.answerBy([this](const HttpRequest& request) {
            const std::scoped_lock lock(mutex_);
            return peer_.answer(request);
        });
    }
    template <class Look>
    auto look(Look look) {
        const std::scoped_lock lock(mutex_);
        return look(peer_);
    }

private:
    std::mutex mutex_;
    Kind peer_;
};

}  // namespace

TEST_CASE(
    "with a Slack bot an incident stays one message, also when the daemon is killed in between") {
    const Estate estate;
    HttpReceiver receiver;
    Guarded<SlackPeer> slack(receiver, "xoxb-canary-token");
    DaemonWorld daemon(estate.terraform);
    daemon.channels =
        "channels:\n  - { name: chat, slack: { bot_token: xoxb-canary-token, channel: \"#drift\", "
        "url: \"" +
        receiver.url("/api") + "\" } }\n";
    daemon.watch("infra", estate.git.path().string());
    daemon.start();
    REQUIRE(daemon.awaitVerdict("infra/net", "in_sync"));
    const auto text = [&] {
        return slack.look([](SlackPeer& peer) {
            return peer.messages().empty() ? std::string() : peer.messages().back().text;
        });
    };

    // A kill before the answer is noted may repeat a message; this test is about what comes after.
    const auto isNoted = [&] {
        for (const char* state : {"pending", "sending"})
            if (!daemon.api(std::string("outbox?state=") + state).at("deliveries").empty())
                return false;
        return true;
    };

    estate.edit("two");
    REQUIRE_MESSAGE(
        eventually([&] { return text().find("1 resource differs") != std::string::npos; }),
        daemon.log());
    REQUIRE(eventually(isNoted));
    CHECK(daemon.stop(SIGKILL) == 128 + SIGKILL);
    daemon.start();
    estate.terraform.remove("a");
    REQUIRE_MESSAGE(eventually([&] { return text().starts_with("Changed: "); }), daemon.log());
    REQUIRE(eventually(isNoted));
    CHECK(daemon.stop(SIGKILL) == 128 + SIGKILL);
    daemon.start();
    estate.terraform.apply();
    REQUIRE_MESSAGE(eventually([&] { return text().starts_with("Resolved: "); }), daemon.log());
    REQUIRE(eventually([&] {
        return slack.look([](SlackPeer& peer) { return peer.messages()[0].replies.size() >= 2; });
    }));
    slack.look([](SlackPeer& peer) {
        CHECK(peer.messages().size() == 1);
        CHECK(peer.messages()[0].replies.size() == 2);
        for (const auto& complaint : peer.complaints()) FAIL_CHECK(complaint);
        return 0;
    });
    CHECK(daemon.log().find("canary") == std::string::npos);
    CHECK(daemon.get("/api/v1/outbox").find("canary") == std::string::npos);
}

TEST_CASE("what is given up is seen, tried again and dropped by an operator") {
    const Estate estate;
    DaemonWorld daemon(estate.terraform);
    daemon.hook.answerUsually({410, {}, {}});
    daemon.watch("infra", estate.git.path().string());
    daemon.start();
    REQUIRE(daemon.awaitVerdict("infra/net", "in_sync"));
    estate.edit("two");
    REQUIRE(eventually(
        [&] { return daemon.ask({"outbox"}).out.find("bad_destination") != std::string::npos; }));
    const auto waiting = daemon.api("outbox?state=pending").at("deliveries");
    REQUIRE(waiting.size() >= 1);
    std::string id;
    for (const auto& one : waiting)
        if (one.at("event") == "opened") id = one.at("id");
    const auto shown = daemon.ask({"outbox", "show", id});
    CHECK_MESSAGE(shown.out.find("opened        infra/net box_item.a") != std::string::npos,
                  shown.out);

    daemon.hook.answerUsually({});
    const auto before = daemon.hook.requests().size();
    REQUIRE(daemon.ask({"outbox", "retry", id}).ok());
    CHECK(daemon.hook.waitFor(before + 1, std::chrono::seconds(20)));
    REQUIRE(eventually([&] {
        return daemon.ask({"outbox", "show", id}).out.find("delivered") != std::string::npos;
    }));
    CHECK_FALSE(daemon.ask({"outbox", "drop", id}).ok());
    CHECK(daemon.ask({"outbox", "show", "nobody"}).status == 2);
    CHECK(daemon.ask({"outbox", "list", "--state", "delivered"}).out.find(id) != std::string::npos);
}

TEST_CASE("a channel can be tried, and the peer's answer is shown without its secrets") {
    const Estate estate;
    DaemonWorld daemon(estate.terraform);
    daemon.watch("infra", estate.git.path().string());
    daemon.start();
    daemon.hook.answerNext({{202, {}, "thank you"}});
    const auto good = daemon.ask({"channels", "test", "hook"});
    CHECK(good.status == 0);
    CHECK_MESSAGE(good.out.find("opened: accepted") != std::string::npos, good.out);
    CHECK_MESSAGE(good.out.find("thank you") != std::string::npos, good.out);
    const auto sent = Json::parse(daemon.hook.requests().back().body);
    CHECK(sent.at("incident").at("test") == true);
    daemon.hook.answerNext({{403, {}, "no entry for " + daemon.hook.url()}});
    const auto bad = daemon.ask({"channels", "test", "hook"});
    CHECK(bad.status == 1);
    CHECK_MESSAGE(bad.out.find("bad_destination") != std::string::npos, bad.out);
    CHECK_MESSAGE(bad.out.find(daemon.hook.url()) == std::string::npos, bad.out);
    CHECK(daemon.ask({"channels", "test", "nobody"}).status == 2);
    CHECK(daemon.api("outbox").at("deliveries").empty());
}

TEST_CASE("where something would go is said from the settings file alone") {
    const TempDir folder;
    const auto file = (folder / "driftkeeper.yaml").string();
    writeFile(file, R"(channels:
  - { name: chat, slack: { webhook_url_file: /etc/driftkeeper/slack } }
  - { name: oncall, pagerduty: { routing_key_file: /etc/driftkeeper/pagerduty } }
  - { name: network, mattermost: { webhook_url_file: /etc/driftkeeper/mattermost } }
routes:
  - { match: { severity: [critical], side: [live, both] }, channels: [oncall], continue: true, group_wait: 0s }
  - { match: { owner: ["@org/network"] }, channels: [network], repeat_every: 1d }
  - { channels: [chat], values: hide, digest: { every: week, on: mon, at: "08:00" } }
)");
    const auto routes = [&](std::vector<std::string> words) {
        words.insert(words.begin(), {program, "routes"});
        words.insert(words.end(), {"--config", file});
        return run(words, {});
    };
    const auto critical = routes(
        {"test", "--stack", "infra/prod/network", "--side", "live", "--severity", "critical"});
    CHECK(critical.status == 0);
    CHECK(critical.out ==
          "route 1 (side: live, both; severity: critical): matches\n"
          "  channels      oncall\n"
          "  group_wait    0s\n"
          "  repeat_every  never\n"
          "route 2 (owner: @org/network): does not match: owner\n"
          "route 3 (everything): matches\n"
          "  channels      chat\n"
          "  group_wait    1m\n"
          "  repeat_every  never\n"
          "  values        hidden\n"
          "  digest        mon 08:00\n"
          "Sent to: oncall, chat\n");
    const auto owned = Json::parse(routes({"test", "--stack", "infra/a", "--side", "git", "--owner",
                                           "@org/network", "--format", "json"})
                                       .out);
    CHECK(owned.at("channels") == Json{"network"});
    CHECK(owned.at("path").size() == 2);  // the third is never asked
    CHECK(owned.at("path").at(0).at("unmet") == Json{"side", "severity"});
    const auto shown = Json::parse(routes({"show", "--format", "json"}).out).at("routes");
    REQUIRE(shown.size() == 3);
    CHECK(shown.at(1).at("repeat_every") == "1d");
    CHECK(shown.at(2).at("digest") == "mon 08:00");
    CHECK(routes({"show"}).out.find("owner: @org/network") != std::string::npos);

    writeFile(file, "routes: [ { channels: [nobody] } ]\n");
    CHECK(routes({"show"}).status == 2);
    CHECK(routes({"test", "--side", "left"}).status == 2);
}

}  // namespace alerts_test
