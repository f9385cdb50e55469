#include <doctest/doctest.h>

#include <map>
#include <optional>

#include "daemon/alert/decide/incidents.hpp"
#include "tests/daemon/alert/decide/world.hpp"

using namespace driftkeeper;
using namespace std::chrono_literals;

namespace waiting_test {
namespace {

// A fleet whose stacks all see the same change.
struct Fleet {
    World world;
    std::vector<Stack> stacks;
    Memory memory;
    std::vector<StackStatus> statuses;
    std::map<std::string, Finding> findings;  // open ones, by id
    std::optional<TimePoint> muted;
    bool allChecked = false;
    std::optional<Touch> touch;

    explicit Fleet(int size) {
        for (int i = 0; i < size; ++i) stacks.push_back(stackOf("infra", "s" + std::to_string(i)));
    }

    AlertContext context() {
        AlertContext context{world.now, world.routes, world.channels, world.makeId};
        context.groupWait = 60s;
        context.mutedUntil = [this](const RouteSubject&) { return muted; };
        context.allCheckedSince = [this](TimePoint) { return allChecked; };
        return context;
    }

    static Finding tagged(const Stack& stack, const std::string& value = R"("net")") {
        auto finding = findingOf("f " + stack.name, stack, "box_item.a");
        finding.drift.attributes = {{"tags.Owner", R"("ops")", value, false}};
        return finding;
    }

    // One check's news.
    Decision opens(const Finding& finding) { return check(finding, Step::Opened); }
    Decision check(Finding finding, Step step) {
        const auto stack = std::ranges::find(stacks, finding.stackId, &Stack::id);
        if (step == Step::Closed) finding = closedOf(finding, "in_sync");
        return keep(alertDrifts(read(), {{{step, finding}}, std::nullopt},
                                status(*stack, {finding}), context()));
    }
    Decision place() { return keep(alertWaiting(read(), context())); }

private:
    [[nodiscard]] StackStatus status(const Stack& stack, const std::vector<Finding>& open) const {
        auto status = statusOf(stack, open);
        lastCheckOf(status).touch = touch;
        return status;
    }
    Memory read() {
        statuses.clear();
        memory.findings.clear();
        for (const auto& [id, finding] : findings) memory.findings.push_back(finding);
        for (const auto& stack : stacks) {
            std::vector<Finding> open;
            for (const auto& [id, finding] : findings)
                if (finding.stackId == stack.id) open.push_back(finding);
            statuses.push_back(status(stack, open));
        }
        memory.others = [this] { return statuses; };
        return memory;
    }
    Decision keep(Decision decision) {
        for (const auto& finding : decision.findings) {
            findings.erase(finding.id);
            if (finding.isOpen()) findings.emplace(finding.id, finding);
        }
        for (const auto& incident : decision.incidents) {
            std::erase_if(memory.incidents,
                          [&](const Incident& known) { return known.id == incident.id; });
            if (incident.isOpen()) memory.incidents.push_back(incident);
        }
        return decision;
    }
};

}  // namespace

TEST_CASE("forty stacks with one cause are told once, and resolved once") {
    Fleet fleet(40);
    for (const auto& stack : fleet.stacks) {
        CHECK(fleet.opens(Fleet::tagged(stack)).deliveries.empty());
        fleet.world.now += 1s;
    }
    CHECK(fleet.place().deliveries.empty());
    fleet.world.now += 30s;
    const auto told = fleet.place();
    REQUIRE(told.deliveries.size() == 1);
    const auto notice = noticeIn(told.deliveries[0]);
    CHECK(notice.event == Event::Opened);
    CHECK(notice.cause == "same_change");
    CHECK(notice.subject.starts_with("aws_instance: tags.Owner (#"));
    CHECK(notice.subject.find("net") == std::string::npos);
    CHECK(notice.openedAddresses.size() == 40);
    CHECK(notice.stacks.size() == 40);
    CHECK(fleet.place().deliveries.empty());

    std::size_t resolved = 0;
    for (const auto& stack : fleet.stacks) {
        const auto decision = fleet.check(fleet.findings.at("f " + stack.name), Step::Closed);
        REQUIRE(decision.deliveries.size() == 1);
        resolved += decision.deliveries[0].event == Event::Resolved ? 1 : 0;
    }
    CHECK(resolved == 1);
}

TEST_CASE(
    "what one commit asks of many stacks is one incident, apart from what is the same change "
    "everywhere") {
    Fleet fleet(7);
    fleet.touch = Touch{"a1b2c3d4e5f6a7b8", "Ada Test", {}, "all over"};
    for (int i = 0; i < 7; ++i) {
        const auto value = i < 3 ? std::string(R"("net")") : std::to_string(i);
        auto finding = Fleet::tagged(fleet.stacks[static_cast<std::size_t>(i)], R"("old")");
        finding.drift.attributes[0].git = value;
        finding.drift.side = Side::Git;
        finding.drift.cause = "unapplied_commit";
        if (i == 6) finding.drift.change = Change::Deleted;
        fleet.opens(finding);
    }
    fleet.world.now += 60s;
    const auto told = fleet.place();
    REQUIRE(told.deliveries.size() == 2);
    CHECK(noticeIn(told.deliveries[0]).cause == "same_change");
    CHECK(noticeIn(told.deliveries[0]).openedAddresses.size() == 3);
    CHECK(noticeIn(told.deliveries[1]).cause == "same_actor");
    CHECK(noticeIn(told.deliveries[1]).subject == "commit a1b2c3d4e5f6 of Ada Test");
    CHECK(noticeIn(told.deliveries[1]).openedAddresses.size() == 4);
}

TEST_CASE("a cause that fewer than three stacks are left with explains nothing") {
    Fleet fleet(4);
    fleet.touch = Touch{"a1b2c3d4e5f6a7b8", "Ada Test", {}, "all over"};
    for (std::size_t i = 0; i < 4; ++i) {
        auto finding = Fleet::tagged(fleet.stacks[i], R"("old")");
        finding.drift.attributes[0].git = i < 3 ? R"("net")" : R"("other")";
        finding.drift.side = Side::Git;
        finding.drift.cause = "unapplied_commit";
        fleet.opens(finding);
    }
    fleet.world.now += 60s;
    const auto told = fleet.place();
    REQUIRE(told.deliveries.size() == 2);
    CHECK(noticeIn(told.deliveries[0]).cause == "same_change");
    CHECK(noticeIn(told.deliveries[1]).cause.empty());
}

TEST_CASE("two stacks are told by themselves once the wait is over") {
    Fleet fleet(3);
    fleet.opens(Fleet::tagged(fleet.stacks[0]));
    fleet.opens(Fleet::tagged(fleet.stacks[1]));
    fleet.opens(Fleet::tagged(fleet.stacks[2], R"("else")"));
    fleet.world.now += 60s;
    const auto told = fleet.place();
    REQUIRE(told.deliveries.size() == 3);
    for (const auto& delivery : told.deliveries) {
        CHECK(noticeIn(delivery).cause.empty());
        CHECK(noticeIn(delivery).openedAddresses.size() == 1);
    }
    CHECK(fleet.place().deliveries.empty());
}

TEST_CASE("nobody waits when every stack was looked at and nothing else is about to come") {
    Fleet fleet(3);
    fleet.allChecked = true;
    auto coming = Fleet::tagged(fleet.stacks[1]);
    coming.confirmedAt.reset();
    fleet.check(coming, Step::Waiting);
    fleet.opens(Fleet::tagged(fleet.stacks[0]));
    CHECK(fleet.place().deliveries.empty());  // another stack's is not confirmed yet
    fleet.check(closedOf(coming, "in_sync"), Step::Dropped);
    CHECK(fleet.place().deliveries.size() == 1);
}

TEST_CASE("a stack that follows joins the incident of the cause as changed") {
    Fleet fleet(5);
    for (int i = 0; i < 3; ++i)
        fleet.opens(Fleet::tagged(fleet.stacks[static_cast<std::size_t>(i)]));
    fleet.world.now += 60s;
    const auto opened = noticeIn(fleet.place().deliveries.at(0));
    fleet.opens(Fleet::tagged(fleet.stacks[3]));
    fleet.world.now += 60s;
    const auto followed = fleet.place();
    REQUIRE(followed.deliveries.size() == 1);
    const auto notice = noticeIn(followed.deliveries[0]);
    CHECK(notice.event == Event::Changed);
    CHECK(notice.incidentId == opened.incidentId);
    CHECK(wordsOf(notice.openedAddresses) == Words{"infra/s3 box_item.a"});
}

TEST_CASE("what many depend on comes first in an incident of many stacks, then what is oldest") {
    Fleet fleet(3);
    const std::size_t dependents[] = {0, 7, 0};
    for (std::size_t i = 0; i < 3; ++i) {
        auto finding = Fleet::tagged(fleet.stacks[i]);
        finding.drift.dependents = dependents[i];
        finding.firstSeen -= std::chrono::hours(i);
        fleet.opens(finding);
    }
    fleet.world.now += 60s;
    const auto notice = noticeIn(fleet.place().deliveries.at(0));
    REQUIRE(notice.stacks.size() == 3);
    CHECK(notice.stacks[0].stack == "infra/s1");
    CHECK(notice.stacks[1].stack == "infra/s2");
    CHECK(notice.stacks[2].stack == "infra/s0");
}

TEST_CASE("deletions, conflicts and replacements are told at once") {
    Fleet fleet(3);
    auto deleted = Fleet::tagged(fleet.stacks[0]);
    deleted.drift.change = Change::Deleted;
    auto conflict = Fleet::tagged(fleet.stacks[1]);
    conflict.drift.side = Side::Both;
    auto replaced = Fleet::tagged(fleet.stacks[2]);
    replaced.drift.replace = true;
    for (const auto& finding : {deleted, conflict, replaced})
        CHECK(fleet.opens(finding).deliveries.size() == 1);
}

TEST_CASE("what opens under a mute is told when the mute ends, if it is still true then") {
    Fleet fleet(2);
    fleet.muted = fleet.world.now + 2h;
    CHECK(fleet.opens(Fleet::tagged(fleet.stacks[0])).deliveries.empty());
    CHECK(fleet.opens(Fleet::tagged(fleet.stacks[1])).deliveries.empty());
    CHECK(fleet.check(fleet.findings.at("f s1"), Step::Closed).deliveries.empty());
    fleet.world.now += 1h;
    CHECK(fleet.place().deliveries.empty());
    fleet.muted = fleet.world.now + 2h;  // a longer one came
    fleet.world.now += 1h;
    CHECK(fleet.place().deliveries.empty());
    fleet.world.now += 1h;
    fleet.muted.reset();
    const auto told = fleet.place();
    REQUIRE(told.deliveries.size() == 1);
    CHECK(wordsOf(noticeIn(told.deliveries[0]).openedAddresses) == Words{"infra/s0 box_item.a"});
}

TEST_CASE("an end passes a mute, and news of what is known comes when it ends") {
    Fleet fleet(2);
    auto deleted = Fleet::tagged(fleet.stacks[0]);
    deleted.drift.change = Change::Deleted;
    fleet.opens(deleted);
    fleet.muted = fleet.world.now + 2h;
    deleted.drift.side = Side::Both;
    CHECK(fleet.check(deleted, Step::Changed).deliveries.empty());
    CHECK(fleet.place().deliveries.empty());
    fleet.muted.reset();
    const auto owed = fleet.place();
    REQUIRE(owed.deliveries.size() == 1);
    CHECK(noticeIn(owed.deliveries[0]).event == Event::Changed);
    CHECK(fleet.place().deliveries.empty());
    fleet.muted = fleet.world.now + 2h;
    const auto end = fleet.check(deleted, Step::Closed);
    REQUIRE(end.deliveries.size() == 1);
    CHECK(end.deliveries[0].event == Event::Resolved);
}

TEST_CASE("the notice of an ignored finding names the rule") {
    Fleet fleet(1);
    auto finding = Fleet::tagged(fleet.stacks[0]);
    finding.drift.change = Change::Deleted;
    fleet.opens(finding);
    auto status = statusOf(fleet.stacks[0], {});
    NotTold quiet;
    quiet.drift = finding.drift;
    quiet.rule = "infra/tags";
    lastCheckOf(status).report.notTold = {quiet};
    auto context = fleet.context();
    context.aboutIgnored = [](const std::string& rule) { return "about " + rule; };
    const Reconciled reconciled{{{Step::Closed, closedOf(finding, "ignored")}}, std::nullopt};
    const auto notice =
        noticeIn(alertDrifts(fleet.memory, reconciled, status, context).deliveries.at(0));
    CHECK(notice.event == Event::Resolved);
    CHECK(notice.text == "box_item.a: about infra/tags");
}

}  // namespace waiting_test
