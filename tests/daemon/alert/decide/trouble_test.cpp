#include <doctest/doctest.h>

#include "tests/daemon/alert/decide/world.hpp"

using namespace driftkeeper;

namespace trouble_test {
namespace {

Trouble unreachable() {
    return {.kind = IncidentKind::Repository,
            .subject = "infra",
            .shownName = "infra",
            .cause = "unreachable",
            .text = "Repository infra cannot be reached.",
            .stacks = {},
            .notThrough = ""};
}

Trouble stale() {
    const auto stack = stackOf("infra", "net");
    return {.kind = IncidentKind::Stale,
            .subject = stack.id,
            .shownName = stack.fullName(),
            .cause = "no_conclusive_check",
            .text = "Stack infra/net had no complete check for 2 hours.",
            .stacks = {statusOf(stack, {findingOf("f", stack, "a")})},
            .notThrough = ""};
}

Trouble broken(const std::string& channel) {
    return {.kind = IncidentKind::Channel,
            .subject = channel,
            .shownName = channel,
            .cause = "bad_destination",
            .text = "Channel is refused with status 404.",
            .stacks = {},
            .notThrough = channel};
}

Memory remembering(const Decision& decision) {
    Memory memory;
    for (const auto& incident : decision.incidents)
        if (incident.isOpen()) memory.incidents.push_back(incident);
    return memory;
}

Words channelsOf(const Decision& decision) {
    Words words;
    for (const auto& delivery : decision.deliveries) words.push_back(delivery.channel);
    return words;
}

}  // namespace

TEST_CASE("trouble opens one incident and says what it is about") {
    World world;
    const auto decision = openTrouble({}, unreachable(), world.context());
    REQUIRE(decision.incidents.size() == 1);
    REQUIRE(decision.deliveries.size() == 1);
    const auto& incident = decision.incidents[0];
    CHECK(incident.isOpen());
    CHECK(incident.kind == IncidentKind::Repository);
    CHECK(incident.subject == "infra");
    CHECK(incident.text == "Repository infra cannot be reached.");
    CHECK(incident.members.empty());
    const auto notice = noticeIn(decision.deliveries[0]);
    CHECK(notice.event == Event::Opened);
    CHECK(notice.kind == IncidentKind::Repository);
    CHECK(notice.cause == "unreachable");
    CHECK(notice.subject == "infra");
    CHECK(notice.text == "Repository infra cannot be reached.");
    CHECK(notice.stacks.empty());
    CHECK(notice.openedAddresses.empty());
}

TEST_CASE("a stack's trouble shows the whole stack") {
    World world;
    const auto notice = noticeIn(openTrouble({}, stale(), world.context()).deliveries.at(0));
    REQUIRE(notice.stacks.size() == 1);
    CHECK(notice.stacks[0].stack == "infra/net");
    CHECK(notice.stacks[0].drifts.size() == 1);
    CHECK(notice.subject == "infra/net");
}

TEST_CASE("trouble that is open already is not told again, other trouble is") {
    World world;
    const auto memory = remembering(openTrouble({}, unreachable(), world.context()));
    CHECK(openTrouble(memory, unreachable(), world.context()).incidents.empty());
    auto other = unreachable();
    other.subject = "apps";
    CHECK(openTrouble(memory, other, world.context()).incidents.size() == 1);
    auto orphaned = unreachable();
    orphaned.kind = IncidentKind::Orphaned;
    CHECK(openTrouble(memory, orphaned, world.context()).incidents.size() == 1);
}

TEST_CASE("trouble that ends is resolved once, where it was told") {
    World world({"a", "b"});
    world.routes = {{{}, {"a"}, false}};
    auto memory = remembering(openTrouble({}, unreachable(), world.context()));
    world.routes = {{{}, {"b"}, false}};
    auto over = unreachable();
    over.text = "Repository infra can be reached again.";
    const auto decision = closeTrouble(memory, over, "reachable", world.context());
    CHECK(channelsOf(decision) == Words{"a"});
    const auto notice = noticeIn(decision.deliveries.at(0));
    CHECK(notice.event == Event::Resolved);
    CHECK(notice.resolution == "reachable");
    CHECK(notice.text == "Repository infra can be reached again.");
    CHECK(notice.incidentId == memory.incidents[0].id);
    CHECK(decision.incidents.at(0).closed == world.now);
    over.text.clear();
    CHECK(
        noticeIn(closeTrouble(memory, over, "reachable", world.context()).deliveries.at(0)).text ==
        "Repository infra cannot be reached.");
    CHECK(
        closeTrouble(remembering(decision), over, "reachable", world.context()).incidents.empty());
    CHECK(closeTrouble({}, over, "reachable", world.context()).incidents.empty());
}

TEST_CASE("routes see trouble as a warning with its stack's properties, and without a side") {
    struct Row {
        RouteMatch match;
        bool repository;
        bool stale;
    };
    for (const auto& [match, ofRepository, ofStack] :
         {Row{{.repository = {"infra"}}, true, true},
          {{.stack = {"infra/**"}}, false, true},
          {{.owner = {"@org/net"}}, false, true},
          {{.provider = {"terraform"}}, false, true},
          {{.severity = {Severity::Warning}}, true, true},
          {{.severity = {Severity::Critical}}, false, false},
          {{.kind = {"stale"}}, false, true},
          {{.side = {Side::Live, Side::Git, Side::Both, Side::Unknown}}, false, false}}) {
        World world;
        world.routes = {{match, {"hook"}, false}};
        CHECK(openTrouble({}, unreachable(), world.context()).deliveries.size() ==
              (ofRepository ? 1U : 0U));
        CHECK(openTrouble({}, stale(), world.context()).deliveries.size() == (ofStack ? 1U : 0U));
        // Told to nobody, but listed.
        CHECK(openTrouble({}, unreachable(), world.context()).incidents.size() == 1);
    }
}

TEST_CASE("a broken channel is told about through other ones") {
    World world({"a", "b", "c"});
    CHECK(channelsOf(openTrouble({}, broken("a"), world.context())) == Words{"b", "c"});
    world.routes = {{{}, {"a", "c"}, false}};
    CHECK(channelsOf(openTrouble({}, broken("a"), world.context())) == Words{"c"});
    // The only route leads through the broken channel: all others hear of it rather than nobody.
    world.routes = {{{}, {"a"}, false}};
    const auto decision = openTrouble({}, broken("a"), world.context());
    CHECK(channelsOf(decision) == Words{"b", "c"});
    CHECK(channelsOf(closeTrouble(remembering(decision), broken("a"), "delivered",
                                  world.context())) == Words{"b", "c"});
    World alone({"a"});
    CHECK(openTrouble({}, broken("a"), alone.context()).deliveries.empty());
}

}  // namespace trouble_test
