#include "daemon/alert/decide/alert_of.hpp"

#include <doctest/doctest.h>

#include <utility>

#include "daemon/alert/decide/incidents.hpp"
#include "tests/daemon/alert/decide/world.hpp"

using namespace driftkeeper;
using namespace std::chrono_literals;

namespace alert_of_test {
namespace {

const Stack net = stackOf("infra", "net");

// A finding of a stack, in incidents with their deliveries, and what is asked of them.
struct Question {
    Settings settings;
    std::vector<Silence> silences;
    AlertFacts facts;
    Finding finding = findingOf("f", net, "aws_instance.web");
    TimePoint now{500'000h};

    Question() {
        for (const auto* channel : {"hook", "chat"})
            settings.channels.emplace_back().name = channel;
        finding.firstSeen = finding.lastSeen = now - 1h;
    }

    // The finding joins this incident now.
    void join(const std::string& incident, std::vector<std::string> channels) {
        facts.joinedBy.emplace(finding.id, AlertFacts::Membership{incident, now});
        facts.incidents[incident].channels = std::move(channels);
    }
    AlertFacts::Sent& send(const std::string& incident, const std::string& channel,
                           TimePoint created, DeliveryState state,
                           const std::string& outcome = {}) {
        auto& sent = facts.incidents[incident].deliveries.emplace_back();
        sent.channel = channel;
        sent.created = created;
        sent.state = state;
        sent.nextAttempt = created + 30s;
        sent.attempted = created + 1s;
        sent.lastOutcome = outcome;
        return sent;
    }
    void silence(const std::string& id, TimePoint until) {
        Silence one;
        one.id = id;
        one.match.stack = {"infra/**"};
        one.reason = "maintenance";
        one.until = until;
        silences.push_back(one);
    }
    [[nodiscard]] AlertWorld world() const { return {settings, silences, facts, now}; }
    [[nodiscard]] Alert answer() const { return alertOf(finding, net, world()); }
};

// "undelivered hook:delivered chat:undelivered(HTTP 503)"
std::string line(const Alert& alert) {
    std::string text(name(alert.state));
    for (const auto& one : alert.channels) {
        text += fmt::format(" {}:{}", one.channel, name(one.state));
        if (!one.error.empty()) text += '(' + one.error + ')';
    }
    return text;
}

}  // namespace

TEST_CASE("a finding that is not confirmed is so until its checks or its grace are over") {
    Question ask;
    ask.finding.confirmedAt.reset();
    ask.finding.sightings = 1;
    ask.settings.checks.confirm = 3;
    ask.settings.checks.confirmAfter = 30s;
    CHECK(ask.answer().state == AlertState::Unconfirmed);
    CHECK(ask.answer().until == ask.finding.lastSeen + 60s);
    ask.finding.drift.side = Side::Git;
    ask.settings.checks.unappliedGrace = 2h;
    CHECK(ask.answer().until == ask.finding.firstSeen + 2h);
}

TEST_CASE("a deferred finding is muted as long as something mutes it, else it waits for others") {
    Question ask;
    ask.finding.deferredUntil = ask.now + 50s;
    CHECK(line(ask.answer()) == "grouping");
    CHECK(ask.answer().until == ask.now + 50s);

    ask.silence("s-1", ask.now + 1h);
    auto muted = ask.answer();
    CHECK(line(muted) == "muted");
    CHECK(muted.until == ask.now + 1h);
    CHECK(muted.silence == "s-1");
    CHECK(muted.window.empty());
    CHECK(muted.reason == "maintenance");

    auto& window = ask.settings.mutes.emplace_back();  // all day, every day
    window.name = "nights";
    window.timeZone = "UTC";
    muted = ask.answer();
    CHECK(muted.window == "nights");  // it ends later
    CHECK(muted.silence.empty());

    ask.settings.mutes.clear();
    ask.silences[0].until = ask.now;  // over: what it kept back is about to be alerted
    CHECK(line(ask.answer()) == "grouping");
}

TEST_CASE("without a channel nobody is alerted, also when a route matches by now") {
    Question ask;
    ask.join("i", {});
    auto& route = ask.settings.routes.emplace_back();
    route.match.severity = {Severity::Critical};
    route.channels = {"hook"};
    CHECK(line(ask.answer()) == "no_route");
    CHECK_FALSE(ask.answer().routeMatchesNow);
    route.match.severity.clear();
    CHECK(line(ask.answer()) == "no_route");
    CHECK(ask.answer().routeMatchesNow);
}

TEST_CASE(
    "a route that matched when the incident opened and does not any more takes nothing back") {
    Question ask;
    ask.join("i", {"hook"});
    ask.send("i", "hook", ask.now, DeliveryState::Delivered);
    ask.settings.routes.emplace_back().match.severity = {Severity::Critical};
    CHECK(line(ask.answer()) == "delivered hook:delivered");
}

TEST_CASE("what became of the delivery is the state of its channel") {
    struct Row {
        DeliveryState state;
        const char* outcome;
        const char* line;
    };
    for (const auto& row : {
             Row{DeliveryState::Pending, "", "undelivered hook:undelivered"},
             Row{DeliveryState::Sending, "", "undelivered hook:undelivered"},
             Row{DeliveryState::Pending, "transient: HTTP 503",
                 "undelivered hook:undelivered(transient: HTTP 503)"},
             Row{DeliveryState::Delivered, "delivered: HTTP 200", "delivered hook:delivered"},
             Row{DeliveryState::Accepted, "accepted: HTTP 202", "delivered hook:delivered"},
             Row{DeliveryState::Dead, "bad_payload: HTTP 400",
                 "undelivered hook:undelivered(given up: bad_payload: HTTP 400)"},
             Row{DeliveryState::Dropped, "",
                 "undelivered hook:undelivered(dropped by an operator)"},
         }) {
        CAPTURE(row.line);
        Question ask;
        ask.join("i", {"hook"});
        ask.send("i", "hook", ask.now, row.state, row.outcome);
        const auto alert = ask.answer();
        CHECK(line(alert) == row.line);
        const auto& channel = alert.channels.at(0);
        CHECK(channel.at.has_value() == (alert.state == AlertState::Delivered));
        const bool waits =
            row.state == DeliveryState::Pending || row.state == DeliveryState::Sending;
        CHECK(channel.nextTry == (waits ? std::optional(ask.now + 30s) : std::nullopt));
    }
}

TEST_CASE(
    "a finding that joined later is not delivered by what went out before, and waits behind it") {
    Question ask;
    ask.join("i", {"hook"});
    ask.send("i", "hook", ask.now - 1h, DeliveryState::Delivered);
    CHECK(line(ask.answer()) ==
          "undelivered hook:undelivered(its deliveries were removed by retention)");
    const auto& first =
        ask.send("i", "hook", ask.now - 10s, DeliveryState::Pending, "transient: HTTP 503");
    const TimePoint next = first.nextAttempt;
    ask.send("i", "hook", ask.now, DeliveryState::Pending).event = Event::Changed;
    CHECK(line(ask.answer()) == "undelivered hook:undelivered(transient: HTTP 503)");
    CHECK(ask.answer().channels.at(0).nextTry == next);
}

TEST_CASE("delivered stays delivered when later news is not, and that is said") {
    Question ask;
    ask.join("i", {"hook"});
    ask.send("i", "hook", ask.now, DeliveryState::Delivered);
    ask.send("i", "hook", ask.now + 1h, DeliveryState::Pending, "transient: HTTP 503").event =
        Event::Changed;
    const auto alert = ask.answer();
    CHECK(line(alert) == "delivered hook:delivered(transient: HTTP 503)");
    CHECK(alert.channels.at(0).at == ask.now + 1s);
    CHECK(alert.channels.at(0).nextTry == ask.now + 1h + 30s);
}

TEST_CASE("of several channels the worst decides, of two ways to one channel the worse") {
    Question ask;
    ask.join("i", {"hook", "chat"});
    ask.send("i", "hook", ask.now, DeliveryState::Delivered);
    ask.send("i", "chat", ask.now, DeliveryState::Dead);
    CHECK(line(ask.answer()) == "undelivered hook:delivered chat:undelivered(given up)");
    ask.facts.incidents["i"].deliveries[1].state = DeliveryState::Delivered;
    CHECK(line(ask.answer()) == "delivered hook:delivered chat:delivered");
    ask.join("j", {"chat"});
    ask.send("j", "chat", ask.now, DeliveryState::Pending);
    CHECK(line(ask.answer()) == "undelivered hook:delivered chat:undelivered");
}

TEST_CASE("a channel that the settings no longer have counts only where no other is left") {
    Question ask;
    ask.join("i", {"gone", "hook"});
    ask.send("i", "gone", ask.now, DeliveryState::Pending, "transient: HTTP 503");
    ask.send("i", "hook", ask.now, DeliveryState::Delivered);
    const std::string gone =
        "gone:undelivered(the settings no longer have this channel: transient: HTTP 503)";
    CHECK(line(ask.answer()) == "delivered " + gone + " hook:delivered");
    CHECK_FALSE(ask.answer().channels.at(0).nextTry.has_value());
    ask.facts.incidents["i"].channels = {"gone"};
    CHECK(line(ask.answer()) == "undelivered " + gone);
    ask.facts.incidents["i"].deliveries.clear();
    CHECK(line(ask.answer()) ==
          "undelivered gone:undelivered(the settings no longer have this channel)");
}

TEST_CASE("findings are counted by their state, each once") {
    Question ask;
    ask.join("i", {"hook"});
    ask.join("j", {"chat"});
    ask.send("i", "hook", ask.now, DeliveryState::Delivered);
    ask.send("j", "chat", ask.now, DeliveryState::Delivered);
    auto coming = findingOf("new", net, "aws_instance.new");
    coming.confirmedAt.reset();
    auto waits = findingOf("waits", net, "aws_instance.waits");
    waits.deferredUntil = ask.now + 60s;
    ask.facts.waiting = {coming, waits};
    CHECK(countAlerts({net}, ask.world()) == AlertCounts{0, 1, 1, 0, 0, 0, 1});
    ask.facts.incidents["j"].deliveries.clear();
    CHECK(countAlerts({net}, ask.world()) == AlertCounts{0, 1, 1, 0, 0, 1, 0});
}

TEST_CASE("a member remembers when it joined, so that only the deliveries since then hold it") {
    World world;
    const auto first = findingOf("a", net, "aws_instance.a");
    const auto second = findingOf("b", net, "aws_instance.b");
    Memory memory;
    Reconciled opened{{{Step::Opened, first}}, {}};
    auto decision = alertDrifts(memory, opened, statusOf(net, {first}), world.context());
    REQUIRE(decision.incidents.size() == 1);
    memory.incidents = decision.incidents;
    const TimePoint before = std::exchange(world.now, world.now + 1h);
    opened.items = {{Step::Opened, second}};
    decision = alertDrifts(memory, opened, statusOf(net, {first, second}), world.context());
    REQUIRE(decision.incidents.size() == 1);
    const auto& members = decision.incidents[0].members;
    REQUIRE(members.size() == 2);
    CHECK(members[0].joined == before);
    CHECK(members[1].joined == world.now);
    CHECK(decision.deliveries.at(0).created == world.now);
}

}  // namespace alert_of_test
