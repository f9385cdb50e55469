#include "daemon/store/store.hpp"

#include "tests/daemon/store/fixture.hpp"

using namespace driftkeeper;
using namespace driftkeeper::testing;

TEST_CASE("checks are listed newest first, a part at a time, with their reasons") {
    const Home home;
    const Stack stack = home.stack("net");
    must(home->record(checkOf(stack, noon, {driftAt("a"), driftAt("b")}), nothing));
    must(home->record(failedCheckOf(stack, noon + 60s), nothing));
    const auto both = must(home->checks.lines(stack.id, {}));
    CHECK(both.total == 2);
    REQUIRE(both.rows.size() == 2);
    CHECK(both.rows[0].reason == Reason{"state_locked", "the state is locked"});
    CHECK(both.rows[0].completeness == Completeness::Failed);
    CHECK(both.rows[1].drifts == 2);
    CHECK(both.rows[1].verdict == Verdict::Drifted);
    CHECK_FALSE(both.rows[1].reason);
    const auto second = must(home->checks.lines(stack.id, {1, 1}));
    CHECK(second.total == 2);
    REQUIRE(second.rows.size() == 1);
    CHECK(second.rows[0].id == both.rows[1].id);
    CHECK(must(home->checks.find(second.rows[0].id))->report.drifts.size() == 2);
    CHECK_FALSE(must(home->checks.find("nobody")));
}

TEST_CASE("checks from before the columns were there are read from their reports") {
    Home home;
    const Stack stack = home.stack("net");
    must(home->record(failedCheckOf(stack), nothing));
    must(home.connect().script(R"(
        UPDATE checks
        SET completeness = NULL, reason_code = NULL, reason_text = NULL, drifts = NULL)"));
    const auto lines = must(home->checks.lines(stack.id, {}));
    REQUIRE(lines.rows.size() == 1);
    CHECK(lines.rows[0].reason == Reason{"state_locked", "the state is locked"});
    CHECK(lines.rows[0].completeness == Completeness::Failed);
    CHECK(lines.rows[0].drifts == 0);
}

TEST_CASE("closed findings are those that somebody was told of, the last closed first") {
    const Home home;
    const Stack stack = home.stack("net");
    auto first = findingOf(stack, "first");
    auto second = findingOf(stack, "second");
    auto untold = findingOf(stack, "untold", false);
    first.closed = noon + 1s;
    second.closed = noon + 2s;
    untold.closed = noon + 3s;
    home.remember(stack, {.findings = {first, second, untold, findingOf(stack, "open")}});
    const auto closed = must(home->incidents.closedFindings(stack.id, {0, 1}));
    CHECK(closed.total == 2);
    REQUIRE(closed.rows.size() == 1);
    CHECK(closed.rows[0].drift.address == "second");
}

TEST_CASE("incidents come with the first of their members and the number of all") {
    const Home home;
    const Stack stack = home.stack("net");
    const auto a = findingOf(stack, "a");
    const auto b = findingOf(stack, "b");
    auto open = incidentAbout(stack.id, {memberOf(a, stack), memberOf(b, stack)});
    auto closed = incidentAbout("infra");
    closed.closed = noon + 1s;
    home.remember(stack, {.findings = {a, b}, .incidents = {open, closed}});
    const auto lines = must(home->incidents.lines(true, {}, 1));
    CHECK(lines.total == 1);
    REQUIRE(lines.rows.size() == 1);
    CHECK(lines.rows[0].members == 2);
    REQUIRE(lines.rows[0].incident.members.size() == 1);
    CHECK(lines.rows[0].incident.members[0].address == "a");
    CHECK(must(home->incidents.lines(false, {}, 1)).rows.at(0).incident.id == closed.id);
    const auto rest = must(home->incidents.find(open.id, {1, 10}));
    REQUIRE(rest);
    CHECK(rest->incident.members.at(0).address == "b");
    CHECK_FALSE(must(home->incidents.find("nobody", {})));
}

TEST_CASE("deliveries are listed by state without what they say") {
    const Home home;
    const Stack stack = home.stack("net");
    const auto incident = incidentAbout(stack.id);
    auto dead = deliveryOf(incident, "chat");
    dead.state = DeliveryState::Dead;
    home.remember(stack,
                  {.incidents = {incident}, .deliveries = {deliveryOf(incident, "on call"), dead}});
    const auto all = must(home->deliveries.lines(std::nullopt, {}));
    CHECK(all.total == 2);
    CHECK(all.rows.at(0).id == dead.id);
    CHECK(all.rows.at(0).notice.empty());
    const auto dying = must(home->deliveries.lines(DeliveryState::Dead, {}));
    CHECK(dying.total == 1);
    CHECK(dying.rows.at(0).channel == "chat");
    CHECK(must(home->deliveries.counts()) ==
          std::map<std::string, std::size_t>{{"dead", 1}, {"pending", 1}});
}

TEST_CASE("a stack's relations say which way they go") {
    const Home home;
    const Stack net = home.stack("net");
    const Stack app = home.stack("app");
    const Stack twin = home.stack("twin");
    auto offering = checkOf(net);
    offering.report.graph.add({"vpc", "aws_vpc", "vpc-1", "p", "aws vpc-1"});
    offering.report.graph.offer("vpc", "tfstate:net#vpc");
    auto needing = checkOf(app);
    needing.report.graph.add({"web", "aws_instance", "i-1", "p"});
    needing.report.graph.need("web", "tfstate:net#vpc");
    auto claiming = checkOf(twin);
    claiming.report.graph.add({"vpc", "aws_vpc", "vpc-1", "p", "aws vpc-1"});
    for (const auto& check : {offering, needing, claiming}) must(home->record(check, nothing));
    const auto ofNet = must(home->estate.relations(net.id));
    REQUIRE(ofNet.size() == 2);
    CHECK(ofNet[0].stackId == app.id);
    CHECK(ofNet[0].kind == Relation::Kind::UsedBy);
    CHECK(ofNet[1].stackId == twin.id);
    CHECK(ofNet[1].kind == Relation::Kind::Shares);
    const auto ofApp = must(home->estate.relations(app.id));
    REQUIRE(ofApp.size() == 1);
    CHECK(ofApp[0].kind == Relation::Kind::Uses);
}
