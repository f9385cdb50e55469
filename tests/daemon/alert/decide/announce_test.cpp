#include "daemon/alert/decide/announce.hpp"

#include <doctest/doctest.h>

#include "tests/daemon/alert/decide/world.hpp"

using namespace driftkeeper;

TEST_CASE("each channel gets its own delivery with its own id") {
    World world({"a", "b"});
    Incident incident;
    incident.id = "i";
    incident.channels = {"b", "a", "a"};
    incident.opened = world.now;
    Decision decision;
    announce(decision, incident, Event::Opened, {}, world.context());
    REQUIRE(decision.deliveries.size() == 2);
    CHECK(decision.deliveries[0].channel == "a");
    CHECK(decision.deliveries[1].channel == "b");
    CHECK(decision.deliveries[0].id != decision.deliveries[1].id);
    for (const auto& delivery : decision.deliveries) {
        CHECK(noticeIn(delivery).opened == world.now);
        CHECK(delivery.created == world.now);
        CHECK(delivery.nextAttempt == world.now);
        CHECK(delivery.state == DeliveryState::Pending);
    }
    REQUIRE(decision.incidents.size() == 1);
    CHECK(decision.incidents[0].id == "i");
}

TEST_CASE("a channel that the settings no longer have gets nothing") {
    World world({"a"});
    Incident incident;
    incident.channels = {"gone"};
    Decision decision;
    announce(decision, incident, Event::Resolved, {}, world.context());
    CHECK(decision.deliveries.empty());
    CHECK(decision.incidents.size() == 1);
}

TEST_CASE("what no route wants gets a route to nobody") {
    World world;
    world.routes = {{{.kind = {"stale"}}, {"hook"}, false}};
    CHECK(routesOrNone(world.context(), {}) == std::vector<Route>{{"none", {}}});
    CHECK(routesOrNone(world.context(), {.kind = IncidentKind::Stale}).at(0).channels ==
          Words{"hook"});
}
