#include "daemon/store/alert_store.hpp"

#include "tests/daemon/store/fixture.hpp"

using namespace driftkeeper;
using namespace driftkeeper::testing;

namespace alert_store_test {
namespace {

Member joinedAt(const Finding& finding, const Stack& stack, TimePoint joined) {
    Member member = memberOf(finding, stack);
    member.joined = joined;
    return member;
}

std::vector<std::string> namesOf(const std::vector<Finding>& findings) {
    std::vector<std::string> names;
    for (const auto& finding : findings) names.push_back(finding.drift.address);
    return names;
}

}  // namespace

TEST_CASE(
    "what waits, who joined what and when, and what was sent come back for one stack or for all") {
    Home home;
    const Stack a = home.stack("a");
    const Stack b = home.stack("b");
    const Finding placed = findingOf(a, "placed");
    Finding deferred = findingOf(a, "deferred");
    deferred.deferredUntil = noon + 60s;
    const Finding coming = findingOf(a, "coming", false);
    Finding closed = findingOf(a, "closed", false);
    closed.closed = noon;
    const Finding other = findingOf(b, "other");
    const Incident mine = incidentAbout(a.id, {joinedAt(placed, a, noon + 1s)});
    const Incident shared =
        incidentAbout("a change", {joinedAt(placed, a, noon), joinedAt(other, b, noon)});
    Incident over = incidentAbout(a.id, {joinedAt(placed, a, noon)});
    over.closed = noon;
    Delivery first = deliveryOf(mine, "chat", noon + 1s);
    const Delivery second = deliveryOf(mine, "on call", noon + 1s);
    home.remember(a, {.findings = {placed, deferred, coming, closed},
                      .incidents = {mine, shared, over},
                      .deliveries = {first, second, deliveryOf(over)}});
    home.remember(b, {.findings = {other}});
    must(home->deliveries.noteAttempt(first.id, noon + 2s));
    first.state = DeliveryState::Pending;
    first.lastOutcome = "transient: HTTP 503";
    first.nextAttempt = noon + 9s;
    must(home->deliveries.noteOutcome(first));

    const auto facts = must(home->alerts.facts(a.id));
    CHECK(namesOf(facts.waiting) == std::vector<std::string>{"coming", "deferred"});
    REQUIRE(facts.incidents.size() == 2);
    const auto& trail = facts.incidents.at(mine.id);
    CHECK(trail.channels == mine.channels);
    REQUIRE(trail.deliveries.size() == 2);
    const auto& sent = trail.deliveries[0];
    CHECK(sent.channel == "chat");
    CHECK(sent.event == Event::Opened);
    CHECK(sent.created == noon + 1s);
    CHECK(sent.state == DeliveryState::Pending);
    CHECK(sent.attempted == noon + 2s);
    CHECK(sent.nextAttempt == noon + 9s);
    CHECK(sent.lastOutcome == "transient: HTTP 503");
    CHECK_FALSE(trail.deliveries[1].attempted.has_value());
    CHECK(facts.incidents.at(shared.id).deliveries.empty());
    CHECK(facts.joinedBy.count(placed.id) == 2);
    CHECK(facts.joinedBy.count(other.id) == 0);

    CHECK(must(home->alerts.facts({})).joinedBy.count(other.id) == 1);
    const auto others = must(home->alerts.facts(b.id));
    CHECK(others.waiting.empty());
    CHECK(others.incidents.size() == 1);
    CHECK(others.joinedBy.find(other.id)->second.incidentId == shared.id);
    CHECK(others.joinedBy.find(other.id)->second.joined == noon);
}

TEST_CASE("a member keeps the time at which it joined while its incident goes on") {
    Home home;
    const Stack stack = home.stack("a");
    const Finding x = findingOf(stack, "x");
    Incident incident = incidentAbout(stack.id, {joinedAt(x, stack, noon)});
    home.remember(stack, {.findings = {x}, .incidents = {incident}});
    const auto kept = home.memory(stack.id).incidents.at(0);
    CHECK(kept.members == incident.members);
    incident = kept;
    incident.members[0].severity = Severity::Critical;
    home.remember(stack, {.incidents = {incident}});
    CHECK(home.memory(stack.id).incidents.at(0).members.at(0).joined == noon);
}

}  // namespace alert_store_test
