#include "daemon/store/memory_rows.hpp"

#include "tests/daemon/store/fixture.hpp"

using namespace driftkeeper;
using namespace driftkeeper::testing;

namespace memory_rows_test {
namespace {

std::string addressOf(const Finding& finding) {
    return finding.drift.address;
}
Names idsOf(const std::vector<Incident>& incidents) {
    return namesOf(incidents, &Incident::id);
}

}  // namespace

TEST_CASE("a finding comes back as it was") {
    Home home;
    const Stack stack = home.stack("a");
    Finding finding = findingOf(stack, "x");
    finding.baseline = true;
    home.remember(stack, {.findings = {finding}});
    const Finding back = home.memory(stack.id).findings.at(0);
    CHECK(back.id == finding.id);
    CHECK(back.stackId == stack.id);
    CHECK(back.drift == finding.drift);
    CHECK(back.firstSeen == finding.firstSeen);
    CHECK(back.lastSeen == finding.lastSeen);
    CHECK(back.sightings == 2);
    CHECK(back.baseline);
    CHECK(back.confirmedAt == finding.confirmedAt);
    CHECK(back.isOpen());
}

TEST_CASE("an incident comes back as it was, with all its members") {
    Home home;
    const Stack stack = home.stack("a");
    const Finding x = findingOf(stack, "x");
    Incident incident = incidentAbout(stack.id, {memberOf(x, stack)});
    incident.cause = "baseline";
    incident.text = "one sentence";
    home.remember(stack, {.incidents = {incident}});
    const Incident back = must(home->incidents.list(true, 9)).at(0);
    CHECK(back.id == incident.id);
    CHECK(back.kind == IncidentKind::Drift);
    CHECK(back.cause == "baseline");
    CHECK(back.subject == stack.id);
    CHECK(back.route == "default");
    CHECK(back.channels == incident.channels);
    CHECK(back.opened == noon);
    CHECK(back.isOpen());
    CHECK(back.members == incident.members);
    CHECK(back.text == "one sentence");
}

TEST_CASE("rows of the same id are replaced, and members that left are gone") {
    Home home;
    const Stack stack = home.stack("a");
    Finding x = findingOf(stack, "x");
    const Finding y = findingOf(stack, "y");
    const Finding z = findingOf(stack, "z");
    Incident incident = incidentAbout(stack.id, {memberOf(x, stack), memberOf(y, stack)});
    home.remember(stack, {.findings = {x}, .incidents = {incident}});
    x.drift.address = "moved";
    x.drift.side = Side::Git;
    incident.members = {memberOf(x, stack), memberOf(z, stack)};
    home.remember(stack, {.findings = {x}, .incidents = {incident}});
    const Memory memory = home.memory(stack.id);
    CHECK(namesOf(memory.findings, addressOf) == Names{"moved"});
    CHECK(must(home->incidents.list(false, 9)).size() == 1);
    CHECK(memory.incidents.at(0).members == incident.members);
}

TEST_CASE("two findings can change places in one decision") {
    Home home;
    const Stack stack = home.stack("a");
    Finding x = findingOf(stack, "x");
    Finding y = findingOf(stack, "y");
    home.remember(stack, {.findings = {x, y}});
    std::swap(x.drift.address, y.drift.address);
    home.remember(stack, {.findings = {x, y}});
    CHECK(namesOf(home.memory(stack.id).findings, &Finding::id) == Names{y.id, x.id});
}

TEST_CASE("a decision starts from the open findings of its stack alone, told or not") {
    Home home;
    const Stack stack = home.stack("a");
    const Stack other = home.stack("b");
    Finding closed = findingOf(stack, "closed");
    closed.closed = noon;
    closed.resolution = "in_sync";
    home.remember(
        stack, {.findings = {findingOf(stack, "told"), findingOf(stack, "quiet", false), closed}});
    home.remember(other, {.findings = {findingOf(other, "elsewhere")}});
    CHECK(namesOf(home.memory(stack.id).findings, addressOf) == Names{"quiet", "told"});
}

TEST_CASE("a decision knows whether a complete check came before its own") {
    Home home;
    const Stack stack = home.stack("a");
    std::vector<bool> seen;
    const Decide looks = [&](const Memory& memory) {
        seen.push_back(memory.everComplete);
        return Decision{};
    };
    must(home->record(failedCheckOf(stack), looks));
    must(home->record(checkOf(stack), looks));
    must(home->record(failedCheckOf(stack), looks));
    CHECK(seen == std::vector{false, false, true});
}

TEST_CASE(
    "a stack's decision sees the open incidents that hold it, are about it, or are its "
    "repository's baseline") {
    Home home;
    const Stack stack = home.stack("a");
    const Stack other = home.stack("b");
    const Stack foreign = home.stack("c", "another");
    const Finding finding = findingOf(stack, "x");

    Incident holds = incidentAbout("somebody", {memberOf(finding, stack)});
    Incident about = incidentAbout(stack.id);
    about.kind = IncidentKind::Stale;
    Incident baseline = incidentAbout("infra");
    baseline.cause = "baseline";
    Incident unreachable = incidentAbout("infra");
    unreachable.kind = IncidentKind::Repository;
    Incident foreignBaseline = incidentAbout("another");
    foreignBaseline.cause = "baseline";
    Incident over = incidentAbout(stack.id, {memberOf(finding, stack)});
    over.closed = noon;
    home.remember(stack,
                  {.incidents = {holds, about, baseline, unreachable, foreignBaseline, over}});

    CHECK(idsOf(home.memory(stack.id).incidents) == Names{holds.id, about.id, baseline.id});
    CHECK(idsOf(home.memory(other.id).incidents) == Names{baseline.id});
    CHECK(idsOf(home.memory(foreign.id).incidents) == Names{foreignBaseline.id});
    CHECK(idsOf(home.memory("infra", IncidentKind::Repository).incidents) == Names{unreachable.id});
    CHECK(home.memory("chat", IncidentKind::Channel).incidents.empty());
}

TEST_CASE("a decision gets the other stacks of its incidents, each once and as they are now") {
    Home home;
    const Stack a = home.stack("a");
    const Stack b = home.stack("b");
    must(home->stacks.keep(stackNamed("c")));
    const Finding ofA = findingOf(a, "x");
    const Finding ofB = findingOf(b, "y");
    must(home->record(checkOf(b), says({.findings = {ofB}})));
    home.remember(a, {.findings = {ofA},
                      .incidents = {incidentAbout("infra", {memberOf(ofA, a), memberOf(ofB, b)}),
                                    incidentAbout("infra", {memberOf(ofA, a), memberOf(ofB, b)})}});
    std::vector<StackStatus> others;
    must(home->decide(IncidentKind::Drift, a.id, [&](const Memory& memory) {
        others = memory.others();
        return Decision();
    }));
    REQUIRE(others.size() == 2);
    CHECK(others[0].stack.id == a.id);
    CHECK(others[1].stack.id == b.id);
    CHECK(others[1].last != nullptr);
    CHECK(namesOf(others[1].open, addressOf) == Names{"y"});
}

TEST_CASE("a status holds the told findings, and says whether others wait for another check") {
    Home home;
    const Stack stack = home.stack("a");
    Finding closed = findingOf(stack, "closed");
    closed.closed = noon;
    home.remember(stack, {.findings = {findingOf(stack, "told"), closed}});
    CHECK(namesOf(must(home->stacks.status(stack.id))->open, addressOf) == Names{"told"});
    CHECK_FALSE(must(home->stacks.status(stack.id))->unconfirmed);
    home.remember(stack, {.findings = {findingOf(stack, "quiet", false)}});
    CHECK(namesOf(must(home->stacks.status(stack.id))->open, addressOf) == Names{"told"});
    CHECK(must(home->stacks.status(stack.id))->unconfirmed);
}

TEST_CASE("what waits for its incident is found over the whole fleet, with what it may join") {
    Home home;
    const Stack a = home.stack("a");
    const Stack b = home.stack("b");
    CHECK(!must(home->incidents.nextWaiting()));
    Finding waiting = findingOf(a, "x");
    waiting.deferredUntil = noon + 60s;
    waiting.flapping = true;
    waiting.cleanChecks = 2;
    const Finding placed = findingOf(a, "y");
    Incident shared = incidentAbout("box_item: tags", {});
    shared.cause = "same_change";
    Incident own = incidentAbout(a.id, {memberOf(placed, a)});
    own.cause.clear();
    home.remember(a, {.findings = {waiting, placed}, .incidents = {shared, own}});
    home.remember(b, {.findings = {findingOf(b, "z", false)}});
    CHECK(must(home->incidents.nextWaiting()) == noon + 60s);

    Memory seen;
    std::vector<StackStatus> stacks;
    const auto look = [&](const Memory& memory) {
        seen = memory;
        stacks = memory.others();
        return Decision();
    };
    must(home->place(look));
    REQUIRE(seen.findings.size() == 2);
    CHECK(seen.findings[0].drift.address == "z");
    CHECK(seen.findings[1].deferredUntil == noon + 60s);
    CHECK(seen.findings[1].flapping);
    CHECK(seen.findings[1].cleanChecks == 2);
    CHECK(seen.incidents.size() == 2);
    CHECK(stacks.size() == 2);

    must(home->incidents.endWaits(noon));
    CHECK(must(home->incidents.nextWaiting()) == noon);
    own.owesChange = true;
    home.remember(a, {.incidents = {own}});
    CHECK(must(home->incidents.nextWaiting()) == TimePoint{});
}

TEST_CASE("what was in sync again within a day is counted") {
    Home home;
    const Stack stack = home.stack("a");
    Finding often = findingOf(stack, "x");
    often.closed = noon;
    often.resolution = "in_sync";
    Finding again = often;
    again.id += "again";
    again.closed = noon - 25h;
    Finding ignored = findingOf(stack, "y");
    ignored.closed = noon;
    ignored.resolution = "ignored";
    must(home->record(checkOf(stack), says({.findings = {often, again, ignored}})));
    CHECK(home.memory(stack.id).recentlyClosed == std::map<std::string, int>{{"x", 1}});
}

TEST_CASE("incidents are newest first, open ones alone when asked, and no more than asked for") {
    Home home;
    const Stack stack = home.stack("a");
    std::vector<Incident> incidents;
    for (int i = 0; i < 4; ++i) {
        incidents.push_back(incidentAbout(stack.id));
        incidents.back().opened = noon + Seconds(i);
    }
    incidents[3].closed = noon;
    home.remember(stack, {.incidents = incidents});
    CHECK(idsOf(must(home->incidents.list(false, 3))) ==
          Names{incidents[3].id, incidents[2].id, incidents[1].id});
    CHECK(idsOf(must(home->incidents.list(true, 9))) ==
          Names{incidents[2].id, incidents[1].id, incidents[0].id});
}

}  // namespace memory_rows_test
