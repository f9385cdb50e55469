#include "daemon/store/retention.hpp"

#include "tests/daemon/store/fixture.hpp"

using namespace driftkeeper;
using namespace driftkeeper::testing;

namespace retention_test {
namespace {

Names historyOf(const Home& home, const Stack& stack) {
    return namesOf(must(home->checks.history(stack.id, 99)), &Check::id);
}

}  // namespace

TEST_CASE("checks are kept for 90 days, the newest of a stack for as long as it is the newest") {
    Home home;
    const Stack stack = home.stack("a");
    const Check old = checkOf(stack, noon - 91 * day, {driftAt("x")});
    const Check young = checkOf(stack, noon - 89 * day, {driftAt("x")});
    must(home->record(old, nothing));
    must(home->record(young, nothing));
    must(home->retain(noon));
    CHECK(historyOf(home, stack) == Names{young.id});
    must(home->retain(noon + 500 * day));
    CHECK(historyOf(home, stack) == Names{young.id});
}

TEST_CASE("what a stack has learnt outlives its checks") {
    Home home;
    const Stack stack = home.stack("a");
    must(home->record(checkOf(stack, noon - 100 * day), nothing));
    for (int i = 0; i < 3; ++i) must(home->record(failedCheckOf(stack, noon - 91 * day), nothing));
    must(home->retain(noon));
    CHECK(must(home->checks.history(stack.id, 9)).size() == 1);
    const auto status = *must(home->stacks.status(stack.id));
    CHECK(status.failures == 3);
    CHECK(status.lastConclusive->finished == noon - 100 * day);
    CHECK(must(home->checks.lastClean(stack.id))->finished == noon - 100 * day);
    CHECK(home.memory(stack.id).everComplete);
}

TEST_CASE(
    "findings are kept while they are open, 400 days after they closed, 90 when nobody was told") {
    Home home;
    const Stack stack = home.stack("a");
    const auto closed = [&](std::string address, std::chrono::days ago, bool told) {
        Finding finding = findingOf(stack, std::move(address), told);
        finding.closed = noon - ago;
        return finding;
    };
    Finding open = findingOf(stack, "open");
    open.firstSeen = noon - 2000 * day;
    home.remember(
        stack, {.findings = {open, closed("old", 401 * day, true), closed("young", 399 * day, true),
                             closed("quiet", 91 * day, false), closed("lately", 89 * day, false)}});
    must(home->retain(noon));
    const auto kept = must(
        home.connect().rows("SELECT address FROM findings ORDER BY address", {}, sql::firstText));
    CHECK(kept == Names{"lately", "open", "young"});
}

TEST_CASE("an incident goes 400 days after it closed, with what was sent about it") {
    Home home;
    const Stack stack = home.stack("a");
    Incident old = incidentAbout(stack.id, {memberOf(findingOf(stack, "x"), stack)});
    old.closed = noon - 401 * day;
    Incident open = incidentAbout(stack.id);
    open.opened = noon - 900 * day;
    Incident young = incidentAbout(stack.id);
    young.closed = noon - 399 * day;
    home.remember(stack, {.incidents = {old, open, young}, .deliveries = {deliveryOf(old)}});
    must(home->retain(noon));
    CHECK(namesOf(must(home->incidents.list(false, 9)), &Incident::id) == Names{young.id, open.id});
    CHECK(must(home->deliveries.list(9)).empty());
}

TEST_CASE(
    "deliveries that ended go after 30 days, those that wait and the last one of an open incident "
    "stay") {
    Home home;
    const Stack stack = home.stack("a");
    const Incident open = incidentAbout(stack.id);
    Incident over = incidentAbout(stack.id);
    over.closed = noon;
    const auto sent = [&](const Incident& incident, std::chrono::days ago, DeliveryState state) {
        Delivery delivery = deliveryOf(incident, "chat", noon - ago);
        delivery.state = state;
        return delivery;
    };
    const Delivery superseded = sent(open, 50 * day, DeliveryState::Delivered);
    const Delivery standing = sent(open, 40 * day, DeliveryState::Accepted);
    const Delivery dead = sent(open, 40 * day, DeliveryState::Dead);
    const Delivery waiting = sent(open, 40 * day, DeliveryState::Pending);
    const Delivery gone = sent(over, 31 * day, DeliveryState::Delivered);
    const Delivery late = sent(over, 31 * day, DeliveryState::Delivered);  // sent just now
    const Delivery young = sent(over, 29 * day, DeliveryState::Delivered);
    home.remember(stack, {.incidents = {open, over},
                          .deliveries = {superseded, standing, dead, waiting, gone, late, young}});
    must(home->deliveries.noteAttempt(late.id, noon));
    must(home->deliveries.noteOutcome(late));
    must(home->retain(noon));
    CHECK(namesOf(must(home->deliveries.list(99)), &Delivery::id) ==
          Names{waiting.id, young.id, late.id, standing.id});
}

TEST_CASE("a removed stack is forgotten after 400 days") {
    Home home;
    const Stack stack = home.stack("a");
    must(home->record(checkOf(stack, noon - 500 * day), nothing));
    must(home->stacks.remove(stack.id, noon - 399 * day));
    must(home->retain(noon));
    CHECK(must(home->stacks.status(stack.id)).has_value());
    must(home->retain(noon + 2 * day));
    CHECK(!must(home->stacks.status(stack.id)).has_value());
    CHECK(home.stack("a").id != stack.id);
}

TEST_CASE("the work of one call is bounded") {
    Home home;
    const Stack stack = home.stack("a");
    for (int i = 0; i < 5; ++i) must(home->record(checkOf(stack, noon, {driftAt("x")}), nothing));
    home.store.reset();
    auto connection = home.connect();
    must(deleteOld(connection, noon + 100 * day, 3));
    CHECK(must(connection.number("SELECT count(*) FROM checks")) == 2);
}

}  // namespace retention_test
