#include "daemon/store/store.hpp"

#include "tests/daemon/store/fixture.hpp"

using namespace driftkeeper;
using namespace driftkeeper::testing;

namespace counts_test {
namespace {

using Counts = std::map<std::string, std::size_t>;

}  // namespace

TEST_CASE("an empty store counts nothing") {
    Home home;
    const StoreCounts counts = must(home->counts());
    CHECK(counts.incidentsOpen.empty());
    CHECK(counts.outboxPending.empty());
    CHECK(!counts.oldestPending);
}

TEST_CASE("open incidents are counted by kind, and what is not delivered yet by channel") {
    Home home;
    const Stack stack = home.stack("a");
    const Incident drift = incidentAbout(stack.id);
    Incident stale = incidentAbout(stack.id);
    stale.kind = IncidentKind::Stale;
    Incident over = incidentAbout(stack.id);
    over.closed = noon;
    Delivery delivered = deliveryOf(drift, "chat", noon - 9s);
    delivered.state = DeliveryState::Delivered;
    Delivery sending = deliveryOf(drift, "chat", noon - 5s);
    sending.state = DeliveryState::Sending;
    home.remember(stack, {.incidents = {drift, stale, over},
                          .deliveries = {delivered, sending, deliveryOf(drift, "chat"),
                                         deliveryOf(stale, "mail")}});
    const StoreCounts counts = must(home->counts());
    CHECK(counts.incidentsOpen == Counts{{"drift", 1}, {"stale", 1}});
    CHECK(counts.outboxPending == Counts{{"chat", 2}, {"mail", 1}});
    CHECK(counts.oldestPending == noon - 5s);
}

}  // namespace counts_test
