#include "daemon/alert/decide/incidents.hpp"

#include "tests/daemon/alert/decide/world.hpp"

using namespace driftkeeper;

namespace incidents_test {
namespace {

const Stack network = stackOf("infra", "net");
const Stack database = stackOf("infra", "db");

using Items = std::vector<Reconciled::Item>;

// Folds one check of a stack into a memory, as the store would.
Decision check(const World& world, Memory& memory, const Items& items,
               const std::vector<Finding>& open, const Stack& stack = network) {
    auto decision =
        alertDrifts(memory, {items, std::nullopt}, statusOf(stack, open), world.context());
    for (const auto& incident : decision.incidents) {
        std::erase_if(memory.incidents,
                      [&](const Incident& known) { return known.id == incident.id; });
        if (incident.isOpen()) memory.incidents.push_back(incident);
    }
    return decision;
}

Notice onlyNotice(const Decision& decision) {
    REQUIRE(decision.deliveries.size() == 1);
    return noticeIn(decision.deliveries[0]);
}

}  // namespace

TEST_CASE("findings that open together make one incident") {
    World world;
    Memory memory;
    const auto a = findingOf("1", network, "a");
    const auto b = findingOf("2", network, "b");
    const auto decision = check(world, memory, {{Step::Opened, a}, {Step::Opened, b}}, {a, b});
    REQUIRE(decision.incidents.size() == 1);
    const auto& incident = decision.incidents[0];
    CHECK(incident.kind == IncidentKind::Drift);
    CHECK(incident.cause.empty());
    CHECK(incident.subject == network.id);
    CHECK(incident.route == "default");
    CHECK(incident.channels == Words{"hook"});
    CHECK(incident.opened == world.now);
    CHECK(incident.members.size() == 2);
    CHECK(decision.findings.size() == 2);
    const auto notice = onlyNotice(decision);
    CHECK(notice.event == Event::Opened);
    CHECK(notice.subject == "infra/net");
    CHECK(notice.cause.empty());
    CHECK(wordsOf(notice.openedAddresses) == Words{"infra/net a", "infra/net b"});
    CHECK(notice.resolvedAddresses.empty());
    REQUIRE(notice.stacks.size() == 1);
    CHECK(notice.stacks[0].drifts.size() == 2);
    CHECK(notice.stacks[0].drifts[0].firstSeen == a.firstSeen);
}

TEST_CASE("what waits or was dropped is told to nobody, and still written") {
    World world;
    Memory memory;
    const auto a = findingOf("1", network, "a");
    const auto decision = check(world, memory, {{Step::Waiting, a}, {Step::Dropped, a}}, {});
    CHECK(decision.findings.size() == 2);
    CHECK(decision.incidents.empty());
    CHECK(decision.deliveries.empty());
}

TEST_CASE("a finding joins the open incident of its stack, which is told as changed") {
    World world;
    Memory memory;
    const auto a = findingOf("1", network, "a");
    const auto b = findingOf("2", network, "b");
    const auto opened = check(world, memory, {{Step::Opened, a}}, {a});
    const auto decision = check(world, memory, {{Step::Updated, a}, {Step::Opened, b}}, {a, b});
    const auto notice = onlyNotice(decision);
    CHECK(notice.event == Event::Changed);
    CHECK(notice.incidentId == opened.incidents[0].id);
    CHECK(wordsOf(notice.openedAddresses) == Words{"infra/net b"});
    CHECK(decision.incidents.at(0).members.size() == 2);
}

TEST_CASE("a side, a change or the highest severity is told; anything else is not") {
    const auto a = findingOf("1", network, "a");
    auto critical = findingOf("2", network, "b");
    critical.drift.severity = Severity::Critical;
    const auto told = [&](auto alter, bool both = true) {
        World world;
        Memory memory;
        Items items = {{Step::Opened, a}};
        if (both) items.push_back({Step::Opened, critical});
        check(world, memory, items, {});
        auto altered = a;
        alter(altered.drift);
        const auto decision = check(world, memory, {{Step::Changed, altered}}, {altered});
        const auto& members = memory.incidents.at(0).members;
        const auto member = std::ranges::find(members, a.id, &Member::findingId);
        CHECK(member->side == altered.drift.side);
        CHECK(member->severity == altered.drift.severity);
        if (decision.deliveries.empty()) return false;
        const auto notice = onlyNotice(decision);
        CHECK(notice.event == Event::Changed);
        CHECK(notice.openedAddresses.empty());
        CHECK(notice.resolvedAddresses.empty());
        return true;
    };
    CHECK(told([](Drift& drift) { drift.side = Side::Both; }));
    CHECK(told([](Drift& drift) { drift.change = Change::Deleted; }));
    CHECK(told([](Drift& drift) { drift.severity = Severity::Critical; }, false));
    CHECK(told([](Drift& drift) { drift.severity = Severity::Info; }, false));
    CHECK_FALSE(told(
        [](Drift& drift) { drift.severity = Severity::Info; }));  // b is critical before and after
    CHECK_FALSE(told([](Drift& drift) { drift.severity = Severity::Critical; }));  // the same
    CHECK_FALSE(told([](Drift& drift) { drift.cause = "applied_elsewhere"; }));
    CHECK_FALSE(told([](Drift& drift) { drift.attributes = {{"x", "1", "2", false}}; }));
    CHECK_FALSE(told([](Drift&) {}));
}

TEST_CASE("a finding stays in its incident when its side leads to another route") {
    World world({"live", "git"});
    world.routes = {{{.side = {Side::Live}}, {"live"}, false},
                    {{.side = {Side::Git}}, {"git"}, false}};
    Memory memory;
    auto a = findingOf("1", network, "a");
    check(world, memory, {{Step::Opened, a}}, {a});
    a.drift.side = Side::Git;
    const auto decision = check(world, memory, {{Step::Changed, a}}, {a});
    REQUIRE(decision.deliveries.size() == 1);
    CHECK(decision.deliveries[0].channel == "live");
    CHECK(decision.deliveries[0].event == Event::Changed);
    CHECK(memory.incidents.size() == 1);
}

TEST_CASE("the last member that closes resolves the incident") {
    World world;
    Memory memory;
    const auto a = findingOf("1", network, "a");
    const auto b = findingOf("2", network, "b");
    check(world, memory, {{Step::Opened, a}, {Step::Opened, b}}, {a, b});
    const auto first =
        onlyNotice(check(world, memory, {{Step::Closed, closedOf(a, "in_sync")}}, {b}));
    CHECK(first.event == Event::Changed);
    CHECK(wordsOf(first.resolvedAddresses) == Words{"infra/net a in_sync"});
    CHECK(first.stacks.at(0).drifts.size() == 1);
    const auto decision = check(world, memory, {{Step::Closed, closedOf(b, "stack_removed")}}, {});
    const auto last = onlyNotice(decision);
    CHECK(last.event == Event::Resolved);
    CHECK(wordsOf(last.resolvedAddresses) == Words{"infra/net b stack_removed"});
    CHECK(last.incidentId == first.incidentId);
    CHECK(last.stacks.at(0).drifts.empty());
    CHECK(decision.incidents.at(0).closed == world.now);
    CHECK(memory.incidents.empty());
    // What opens later is another incident.
    const auto c = findingOf("3", network, "a");
    const auto again = onlyNotice(check(world, memory, {{Step::Opened, c}}, {c}));
    CHECK(again.event == Event::Opened);
    CHECK(again.incidentId != first.incidentId);
}

TEST_CASE("opening and closing in one check is one change") {
    World world;
    Memory memory;
    const auto a = findingOf("1", network, "a");
    const auto b = findingOf("2", network, "b");
    check(world, memory, {{Step::Opened, a}}, {a});
    const auto notice = onlyNotice(
        check(world, memory, {{Step::Closed, closedOf(a, "in_sync")}, {Step::Opened, b}}, {b}));
    CHECK(notice.event == Event::Changed);
    CHECK(wordsOf(notice.openedAddresses) == Words{"infra/net b"});
    CHECK(wordsOf(notice.resolvedAddresses) == Words{"infra/net a in_sync"});
}

TEST_CASE("a finding that moved is its new address opened and its old one resolved") {
    World world;
    Memory memory;
    auto a = findingOf("1", network, "a");
    check(world, memory, {{Step::Opened, a}}, {a});
    a.drift.address = "module.x.a";
    const auto notice = onlyNotice(check(world, memory, {{Step::Changed, a}}, {a}));
    CHECK(notice.event == Event::Changed);
    CHECK(wordsOf(notice.openedAddresses) == Words{"infra/net module.x.a"});
    CHECK(wordsOf(notice.resolvedAddresses) == Words{"infra/net a moved"});
    const auto last =
        onlyNotice(check(world, memory, {{Step::Closed, closedOf(a, "in_sync")}}, {}));
    CHECK(wordsOf(last.resolvedAddresses) == Words{"infra/net module.x.a in_sync"});
}

TEST_CASE(
    "what ends in a stack with another name ends as it was opened, and opens as it is called") {
    World world;
    Memory memory;
    auto a = findingOf("1", network, "a");
    const auto b = findingOf("2", network, "b");
    check(world, memory, {{Step::Opened, a}, {Step::Opened, b}}, {a, b});
    Stack renamed = network;
    renamed.name = renamed.path = "network";
    a.drift.address = "module.x.a";
    const auto moved = onlyNotice(check(world, memory, {{Step::Changed, a}}, {a, b}, renamed));
    CHECK(wordsOf(moved.resolvedAddresses) == Words{"infra/net a moved"});
    CHECK(wordsOf(moved.openedAddresses) == Words{"infra/network module.x.a"});
    const auto last = onlyNotice(
        check(world, memory,
              {{Step::Closed, closedOf(a, "in_sync")}, {Step::Closed, closedOf(b, "in_sync")}}, {},
              renamed));
    CHECK(wordsOf(last.resolvedAddresses) ==
          Words{"infra/net b in_sync", "infra/network module.x.a in_sync"});
}

TEST_CASE("the baselines of a repository make one incident") {
    World world;
    Memory memory;
    auto a = findingOf("1", network, "a");
    auto b = findingOf("2", database, "b");
    a.baseline = b.baseline = true;
    const auto opened = onlyNotice(check(world, memory, {{Step::Opened, a}}, {a}));
    CHECK(opened.event == Event::Opened);
    CHECK(opened.cause == "baseline");
    CHECK(opened.kind == IncidentKind::Drift);
    CHECK(opened.subject == "infra");
    CHECK(memory.incidents.at(0).subject == "infra");
    memory.others = [&] { return std::vector{statusOf(network, {a})}; };
    const auto joined = onlyNotice(check(world, memory, {{Step::Opened, b}}, {b}, database));
    CHECK(joined.event == Event::Changed);
    CHECK(joined.incidentId == opened.incidentId);
    REQUIRE(joined.stacks.size() == 2);
    CHECK(joined.stacks[0].stack == "infra/db");
    CHECK(joined.stacks[1].stack == "infra/net");
    CHECK(joined.stacks[1].drifts.size() == 1);
    CHECK(wordsOf(joined.openedAddresses) == Words{"infra/db b"});

    // A stack that leaves is shown once more, without drifts; later it is not shown.
    memory.others = [&] { return std::vector{statusOf(database, {b})}; };
    const auto left =
        onlyNotice(check(world, memory, {{Step::Closed, closedOf(a, "in_sync")}}, {}));
    CHECK(left.event == Event::Changed);
    REQUIRE(left.stacks.size() == 2);
    CHECK(left.stacks[1].drifts.empty());
    memory.others = [&] { return std::vector{statusOf(network, {})}; };
    const auto last =
        onlyNotice(check(world, memory, {{Step::Closed, closedOf(b, "in_sync")}}, {}, database));
    CHECK(last.event == Event::Resolved);
    CHECK(last.stacks.size() == 1);
}

TEST_CASE(
    "what drifts after the baseline is an incident of its own, and each shows its own drifts") {
    World world;
    Memory memory;
    auto a = findingOf("1", network, "a");
    a.baseline = true;
    const auto b = findingOf("2", network, "b");
    const auto baseline = onlyNotice(check(world, memory, {{Step::Opened, a}}, {a}));
    const auto later =
        onlyNotice(check(world, memory, {{Step::Updated, a}, {Step::Opened, b}}, {a, b}));
    CHECK(later.event == Event::Opened);
    CHECK(later.incidentId != baseline.incidentId);
    CHECK(later.cause.empty());
    REQUIRE(later.stacks.at(0).drifts.size() == 1);
    CHECK(later.stacks[0].drifts[0].drift.address == "b");
}

TEST_CASE("routes that continue make one incident each") {
    World world({"chat", "oncall"});
    world.routes = {{{.severity = {Severity::Critical}}, {"oncall"}, true}, {{}, {"chat"}, false}};
    Memory memory;
    auto a = findingOf("1", network, "a");
    const auto b = findingOf("2", network, "b");
    a.drift.severity = Severity::Critical;
    const auto decision = check(world, memory, {{Step::Opened, a}, {Step::Opened, b}}, {a, b});
    REQUIRE(decision.deliveries.size() == 2);
    CHECK(decision.deliveries[0].channel == "oncall");
    CHECK(wordsOf(noticeIn(decision.deliveries[0]).openedAddresses) == Words{"infra/net a"});
    CHECK(noticeIn(decision.deliveries[0]).stacks.at(0).drifts.size() == 1);
    CHECK(decision.deliveries[1].channel == "chat");
    CHECK(noticeIn(decision.deliveries[1]).openedAddresses.size() == 2);
    CHECK(decision.incidents.at(0).id != decision.incidents.at(1).id);
    const auto closed = check(world, memory, {{Step::Closed, closedOf(a, "in_sync")}}, {b});
    CHECK(closed.deliveries.at(0).event == Event::Resolved);
    CHECK(closed.deliveries.at(1).event == Event::Changed);
}

TEST_CASE("a resolve goes where the opening went, even when its route is gone") {
    World world({"chat", "oncall"});
    world.routes = {{{}, {"oncall"}, false}};
    Memory memory;
    const auto a = findingOf("1", network, "a");
    check(world, memory, {{Step::Opened, a}}, {a});
    world.routes = {{{}, {"chat"}, false}};
    const auto decision = check(world, memory, {{Step::Closed, closedOf(a, "in_sync")}}, {});
    REQUIRE(decision.deliveries.size() == 1);
    CHECK(decision.deliveries[0].channel == "oncall");
}

TEST_CASE("a channel that is gone gets nothing, and the incident still ends") {
    World world({"chat", "oncall"});
    Memory memory;
    const auto a = findingOf("1", network, "a");
    check(world, memory, {{Step::Opened, a}}, {a});
    world.channels.pop_back();
    const auto decision = check(world, memory, {{Step::Closed, closedOf(a, "in_sync")}}, {});
    REQUIRE(decision.deliveries.size() == 1);
    CHECK(decision.deliveries[0].channel == "chat");
    world.channels.clear();
    CHECK(memory.incidents.empty());
}

TEST_CASE("what no route wants is listed and told to nobody, from opening to closing") {
    World world;
    world.routes = {{{.repository = {"other"}}, {"hook"}, false}};
    Memory memory;
    const auto a = findingOf("1", network, "a");
    CHECK(check(world, memory, {{Step::Opened, a}}, {a}).deliveries.empty());
    CHECK(memory.incidents.size() == 1);
    world.routes.clear();
    CHECK(check(world, memory, {{Step::Closed, closedOf(a, "in_sync")}}, {}).deliveries.empty());
    CHECK(memory.incidents.empty());
}

TEST_CASE("trouble of the same stack is left alone") {
    World world;
    Memory memory;
    auto& stale = memory.incidents.emplace_back();
    stale.id = "stale";
    stale.kind = IncidentKind::Stale;
    stale.subject = network.id;
    stale.route = "default";
    const auto a = findingOf("1", network, "a");
    const auto decision = check(world, memory, {{Step::Opened, a}}, {a});
    CHECK(decision.incidents.size() == 1);
    CHECK(decision.incidents[0].id != "stale");
}

}  // namespace incidents_test
