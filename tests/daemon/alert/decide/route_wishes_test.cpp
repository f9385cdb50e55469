#include <doctest/doctest.h>

#include "daemon/alert/decide/incidents.hpp"
#include "tests/daemon/alert/decide/world.hpp"

using namespace driftkeeper;
using namespace std::chrono_literals;

namespace route_wishes_test {
namespace {

// One stack with one drift that everybody was told of, over routes that want things.
struct Told {
    World world{{"chat", "pager"}};
    Stack stack = stackOf("infra", "net");
    Finding finding = findingOf("f", stack, "aws_instance.a");
    Memory memory;
    TimePoint opening = world.now;

    Told() {
        finding.drift.attributes = {{"size", R"("small")", R"("large")", false}};
        world.routes = {{.channels = {"chat"}}};
        memory.others = [this] { return std::vector{statusOf(stack, {finding})}; };
    }
    RouteSettings& route() { return world.routes[0]; }

    Decision opens() { return keep(check(Step::Opened)); }
    Decision closes() {
        finding = closedOf(finding, "in_sync");
        return keep(check(Step::Closed));
    }
    Decision remindedAfter(Seconds length) {
        world.now = opening + length;
        return keep(remindersDue(memory, world.context()));
    }

private:
    Decision check(Step step) {
        return alertDrifts(memory, {{{step, finding}}, std::nullopt}, statusOf(stack, {finding}),
                           world.context());
    }
    Decision keep(Decision decision) {
        for (const auto& incident : decision.incidents) {
            std::erase_if(memory.incidents,
                          [&](const Incident& one) { return one.id == incident.id; });
            if (incident.isOpen()) memory.incidents.push_back(incident);
        }
        return decision;
    }
};

}  // namespace

TEST_CASE("a route that asks for it is reminded for as long as an incident is open") {
    Told told;
    told.route().repeatEvery = 1h;
    told.opens();
    CHECK(told.remindedAfter(59min).deliveries.empty());
    const auto first = told.remindedAfter(1h);
    REQUIRE(first.deliveries.size() == 1);
    const auto notice = noticeIn(first.deliveries[0]);
    CHECK(notice.event == Event::Reminder);
    CHECK(notice.stacks.at(0).drifts.at(0).drift.address == "aws_instance.a");
    CHECK(notice.openedAddresses.empty());
    CHECK(notice.resolvedAddresses.empty());
    CHECK(told.remindedAfter(119min).deliveries.empty());
    CHECK(told.remindedAfter(121min).deliveries.size() == 1);
    told.closes();
    CHECK(told.remindedAfter(500h).deliveries.empty());
}

TEST_CASE("nobody is reminded who did not ask for it") {
    Told told;
    told.opens();
    CHECK(told.remindedAfter(500h).deliveries.empty());
    told.route().repeatEvery = 1h;
    told.route().match.provider = {"kubernetes"};  // another route, by its text
    CHECK(told.remindedAfter(501h).deliveries.empty());
}

TEST_CASE("a reminder counts from what was last told") {
    Told told;
    told.route().repeatEvery = 1h;
    told.opens();
    told.world.now = told.opening + 50min;
    told.finding.drift.change = Change::Deleted;
    const auto changed = alertDrifts(told.memory, {{{Step::Changed, told.finding}}, std::nullopt},
                                     statusOf(told.stack, {told.finding}), told.world.context());
    REQUIRE(changed.deliveries.size() == 1);
    told.memory.incidents = changed.incidents;
    CHECK(told.remindedAfter(109min).deliveries.empty());
    CHECK(told.remindedAfter(110min).deliveries.size() == 1);
}

TEST_CASE("a reminder that is muted is not made up for") {
    Told told;
    told.route().repeatEvery = 1h;
    told.opens();
    told.world.now = told.opening + 2h;
    auto context = told.world.context();
    context.mutedUntil = [&](const RouteSubject&) { return std::optional(told.world.now + 1h); };
    CHECK(remindersDue(told.memory, context).deliveries.empty());
    CHECK(told.remindedAfter(4h).deliveries.size() == 1);
}

TEST_CASE("a trouble is reminded of with its sentence and its stack") {
    Told told;
    told.route().repeatEvery = 1h;
    Trouble stale;
    stale.kind = IncidentKind::Stale;
    stale.subject = told.stack.id;
    stale.shownName = "infra/net";
    stale.cause = "state_locked";
    stale.text = "stack infra/net had no complete check for 90 min";
    stale.stacks = {statusOf(told.stack, {})};
    told.memory.incidents = openTrouble({}, stale, told.world.context()).incidents;
    CHECK(told.remindedAfter(59min).deliveries.empty());
    const auto decision = told.remindedAfter(60min);
    REQUIRE(decision.deliveries.size() == 1);
    const auto notice = noticeIn(decision.deliveries[0]);
    CHECK(notice.event == Event::Reminder);
    CHECK(notice.kind == IncidentKind::Stale);
    CHECK(notice.cause == "state_locked");
    CHECK(notice.subject == "infra/net");
    CHECK(notice.text == stale.text);
    CHECK(notice.stacks.size() == 1);
}

TEST_CASE("a route that does not want the end is not told of it, and the incident ends") {
    Told told;
    told.route().notifiesEnd = false;
    CHECK(told.opens().deliveries.size() == 1);
    const auto end = told.closes();
    CHECK(end.deliveries.empty());
    REQUIRE(end.incidents.size() == 1);
    CHECK_FALSE(end.incidents[0].isOpen());
}

TEST_CASE("a route that hides values never holds one") {
    Told told;
    told.route().showValues = false;
    const auto opened = told.opens();
    CHECK(opened.deliveries.at(0).notice.find("small") == std::string::npos);
    CHECK(opened.deliveries.at(0).notice.find("size") != std::string::npos);
}

TEST_CASE("of routes that go on the shortest wait counts") {
    Told told;
    told.world.routes = {{.channels = {"pager"}, .continues = true, .groupWait = 0s},
                         {.channels = {"chat"}}};
    told.finding.baseline = true;
    auto context = told.world.context();
    context.groupWait = 60s;
    const auto opened = [&] {
        return alertDrifts({}, {{{Step::Opened, told.finding}}, std::nullopt},
                           statusOf(told.stack, {told.finding}), context);
    };
    CHECK(opened().deliveries.size() == 2);
    told.world.routes[0].groupWait = 5min;
    CHECK(opened().deliveries.empty());
    CHECK(opened().findings.at(0).deferredUntil == told.world.now + 60s);
    told.world.routes.pop_back();
    CHECK(opened().findings.at(0).deferredUntil == told.world.now + 5min);
    context.mayGroup = false;
    CHECK(opened().deliveries.size() == 1);
}

TEST_CASE("a condition that does not hold is named by its key") {
    RouteSubject subject;
    subject.stack = "infra/prod/net";
    subject.side = Side::Live;
    using Keys = std::vector<std::string_view>;
    CHECK(unmet({}, subject) == Keys{});
    CHECK(unmet({.stack = {"infra/prod/**"}, .side = {Side::Live}}, subject) == Keys{});
    CHECK(
        unmet({.stack = {"infra/test/**"}, .side = {Side::Git}, .owner = {"@a"}, .type = {"aws_*"}},
              subject) == Keys{"stack", "side", "owner", "type"});
    CHECK(unmet({.kind = {"stale"}}, subject) == Keys{"kind"});
}

}  // namespace route_wishes_test
