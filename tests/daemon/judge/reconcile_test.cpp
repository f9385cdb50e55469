#include "daemon/judge/reconcile.hpp"
#include "tests/daemon/quiet.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <map>
#include <random>
#include <set>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "parsers/graph/cause.hpp"

using namespace driftkeeper;
using namespace std::chrono_literals;

namespace reconcile_test {
namespace {

constexpr TimePoint start{1'790'000'000'000'000us};

Drift driftAt(std::string address, Side side = Side::Live, std::string previous = {}) {
    Drift drift;
    drift.address = std::move(address);
    drift.previousAddress = std::move(previous);
    drift.side = side;
    return drift;
}

// A stack that is checked again and again, with what it remembers.
class Story {
public:
    explicit Story(ConfirmationPolicy policy = {}) : policy_(policy) {}

    Story& passes(Seconds time) {
        now_ += time;
        return *this;
    }
    Story& quiet(std::string address, std::string_view cause, const std::string& rule = "") {
        const auto builtIn = "builtin/" + std::string(cause);
        notTold_.push_back(driftkeeper::quiet(std::move(address), std::string(cause),
                                              rule.empty() ? builtIn : rule));
        return *this;
    }

    Reconciled complete(std::vector<Drift> drifts) {
        return look(Completeness::Complete, std::move(drifts));
    }
    Reconciled partial(std::vector<Drift> drifts) {
        return look(Completeness::Partial, std::move(drifts));
    }
    Reconciled failed(std::vector<Drift> drifts) {
        return look(Completeness::Failed, std::move(drifts));
    }

    [[nodiscard]] const std::vector<Finding>& open() const { return open_; }
    [[nodiscard]] TimePoint now() const { return now_; }
    void seenBefore() { everComplete_ = true; }

private:
    Reconciled look(Completeness completeness, std::vector<Drift> drifts) {
        Check check;
        check.stackId = "stack";
        check.finished = now_;
        check.report.completeness = completeness;
        check.report.drifts = std::move(drifts);
        check.report.notTold = std::exchange(notTold_, {});
        auto result = reconcile({open_, !everComplete_, closings_}, check, policy_,
                                [this] { return std::to_string(++ids_); });
        everComplete_ = everComplete_ || check.complete();
        for (const auto& item : result.items) {
            keep(item.finding);
            if (item.step == Step::Closed) ++closings_[item.finding.drift.address];
        }
        return result;
    }
    void keep(const Finding& finding) {
        std::erase_if(open_, [&](const Finding& other) { return other.id == finding.id; });
        if (finding.isOpen()) open_.push_back(finding);
    }

    ConfirmationPolicy policy_;
    std::vector<Finding> open_;
    std::vector<NotTold> notTold_;
    std::map<std::string, int> closings_;
    bool everComplete_ = false;
    TimePoint now_ = start;
    int ids_ = 0;
};

Story& known(Story& story) {
    story.seenBefore();
    return story;
}

std::vector<Step> steps(const Reconciled& reconciled) {
    std::vector<Step> result;
    for (const auto& item : reconciled.items) result.push_back(item.step);
    return result;
}

using Steps = std::vector<Step>;

}  // namespace

TEST_CASE("a live drift is told by the confirming check, which comes soon") {
    Story story;
    const auto first = known(story).complete({driftAt("a")});
    CHECK(steps(first) == Steps{Step::Waiting});
    CHECK(first.checkAgainAfter == 30s);
    const auto second = story.passes(30s).complete({driftAt("a")});
    CHECK(steps(second) == Steps{Step::Opened});
    CHECK(!second.checkAgainAfter);
    const Finding& told = second.items.at(0).finding;
    CHECK(told.firstSeen == start);
    CHECK(told.confirmedAt == start + 30s);
    CHECK(told.lastSeen == start + 30s);
    CHECK(told.id == first.items.at(0).finding.id);
}

TEST_CASE("conflicts and what cannot be said count as live") {
    for (const Side side : {Side::Live, Side::Both, Side::Unknown}) {
        Story story({.confirm = 1});
        CHECK(steps(known(story).complete({driftAt("a", side)})) == Steps{Step::Opened});
    }
}

TEST_CASE("three sightings in a row are three, and complete or partial checks count alike") {
    Story story({.confirm = 3});
    CHECK(steps(known(story).complete({driftAt("a")})) == Steps{Step::Waiting});
    CHECK(steps(story.partial({driftAt("a")})) == Steps{Step::Waiting});
    CHECK(steps(story.complete({driftAt("a")})) == Steps{Step::Opened});
}

TEST_CASE("a complete check that does not show a waiting drift drops it, and it starts anew") {
    Story story;
    known(story).complete({driftAt("a")});
    const auto gone = story.complete({});
    CHECK(steps(gone) == Steps{Step::Dropped});
    CHECK(!gone.items.at(0).finding.isConfirmed());
    CHECK(steps(story.complete({driftAt("a")})) == Steps{Step::Waiting});
}

TEST_CASE("a partial check that does not show a waiting drift neither counts nor resets") {
    Story story;
    known(story).complete({driftAt("a")});
    CHECK(story.partial({}).items.empty());
    CHECK(steps(story.complete({driftAt("a")})) == Steps{Step::Opened});
}

TEST_CASE("an inconclusive check resolves nothing") {
    Story story({.confirm = 1});
    known(story).complete({driftAt("a")});
    CHECK(story.partial({}).items.empty());
    CHECK(story.partial({driftAt("b", Side::Git)}).items.size() == 1);
    CHECK(story.failed({}).items.empty());
    CHECK(story.open().size() == 2);
}

TEST_CASE("a failed check touches nothing, whatever it claims to have seen") {
    Story story;
    known(story).complete({driftAt("a")});
    const auto failed = story.failed({driftAt("a"), driftAt("b")});
    CHECK(failed.items.empty());
    CHECK(!failed.checkAgainAfter);
    CHECK(story.open().at(0).sightings == 1);
}

TEST_CASE("a told finding closes as in_sync at the first complete check without it") {
    Story story({.confirm = 1});
    known(story).complete({driftAt("a")});
    const auto closed = story.passes(60s).complete({});
    CHECK(steps(closed) == Steps{Step::Closed});
    CHECK(closed.items.at(0).finding.resolution == "in_sync");
    CHECK(closed.items.at(0).finding.closed == start + 60s);
    CHECK(story.open().empty());
}

TEST_CASE("an unapplied commit is told by the check that sees it after the grace") {
    Story story({.unappliedGrace = 3600s});
    const auto first = known(story).complete({driftAt("a", Side::Git)});
    CHECK(steps(first) == Steps{Step::Waiting});
    CHECK(first.checkAgainAfter == 3600s);
    const auto early = story.passes(3599s).complete({driftAt("a", Side::Git)});
    CHECK(steps(early) == Steps{Step::Waiting});
    CHECK(early.checkAgainAfter == 1s);
    CHECK(steps(story.passes(1s).complete({driftAt("a", Side::Git)})) == Steps{Step::Opened});
}

TEST_CASE("without any grace an unapplied commit is told at once") {
    Story story({.unappliedGrace = 0s});
    CHECK(steps(known(story).complete({driftAt("a", Side::Git)})) == Steps{Step::Opened});
}

TEST_CASE("of two that wait the more urgent one says when to look again") {
    Story story({.confirmAfter = 30s, .unappliedGrace = 3600s});
    CHECK(known(story).complete({driftAt("a", Side::Git), driftAt("b")}).checkAgainAfter == 30s);
    Story hasty({.confirmAfter = 30s, .unappliedGrace = 10s});
    CHECK(known(hasty).complete({driftAt("a", Side::Git), driftAt("b")}).checkAgainAfter == 10s);
}

TEST_CASE("a waiting finding that turns from git to live starts its sightings there") {
    Story story;
    known(story).complete({driftAt("a", Side::Git)});
    story.complete({driftAt("a", Side::Git)});
    CHECK(steps(story.complete({driftAt("a", Side::Live)})) == Steps{Step::Waiting});
    CHECK(story.open().at(0).sightings == 1);
    CHECK(steps(story.complete({driftAt("a", Side::Live)})) == Steps{Step::Opened});
}

TEST_CASE("a told finding stays told when its side changes, and that is a change") {
    Story story({.confirm = 1});
    known(story).complete({driftAt("a", Side::Live)});
    CHECK(steps(story.complete({driftAt("a", Side::Git)})) == Steps{Step::Changed});
    CHECK(steps(story.complete({driftAt("a", Side::Live)})) == Steps{Step::Changed});
    CHECK(story.open().at(0).confirmedAt == start);
}

TEST_CASE(
    "people are told again about a side, a change or a severity, not about attributes, causes or "
    "ids") {
    struct Row {
        const char* what;
        void (*edit)(Drift&);
        Step step;
    };
    const Row rows[] = {
        {"nothing", [](Drift&) {}, Step::Updated},
        {"side", [](Drift& d) { d.side = Side::Both; }, Step::Changed},
        {"change", [](Drift& d) { d.change = Change::Deleted; }, Step::Changed},
        {"severity", [](Drift& d) { d.severity = Severity::Critical; }, Step::Changed},
        {"attributes",
         [](Drift& d) {
             d.attributes = {{"size", "1", "2", false}};
         },
         Step::Updated},
        {"cause", [](Drift& d) { d.cause = cause::outOfBand; }, Step::Updated},
        {"id", [](Drift& d) { d.id = "i-1"; }, Step::Updated},
    };
    for (const Row& row : rows) {
        CAPTURE(row.what);
        Story story({.confirm = 1});
        known(story).complete({driftAt("a")});
        Drift again = driftAt("a");
        row.edit(again);
        const auto result = story.passes(1s).complete({again});
        CHECK(steps(result) == Steps{row.step});
        CHECK(result.items.at(0).finding.drift == again);
        CHECK(result.items.at(0).finding.lastSeen == start + 1s);
    }
}

TEST_CASE("what the first complete check shows is baseline, also when a later one confirms it") {
    Story story;
    CHECK(story.complete({driftAt("a")}).items.at(0).finding.baseline);
    const auto second = story.complete({driftAt("a"), driftAt("b")});
    CHECK(steps(second) == Steps{Step::Opened, Step::Waiting});
    CHECK(second.items.at(0).finding.baseline);
    CHECK(!second.items.at(1).finding.baseline);
}

TEST_CASE(
    "a partial check makes no baseline, but what it saw becomes baseline with the first complete "
    "one") {
    Story story({.confirm = 3});
    CHECK(!story.partial({driftAt("a")}).items.at(0).finding.baseline);
    CHECK(story.complete({driftAt("a")}).items.at(0).finding.baseline);
}

TEST_CASE("a finding that is moved continues under the new address") {
    Story story({.confirm = 1});
    known(story).complete({driftAt("old")});
    const auto moved = story.complete({driftAt("new", Side::Live, "old")});
    CHECK(steps(moved) == Steps{Step::Changed});
    CHECK(moved.items.at(0).finding.id == "1");
    CHECK(moved.items.at(0).finding.drift.address == "new");
    CHECK(steps(story.complete({driftAt("new", Side::Live, "old")})) == Steps{Step::Updated});
    CHECK(steps(story.complete({driftAt("new")})) == Steps{Step::Updated});
}

TEST_CASE(
    "a move that nobody applied may be written anew or taken back, and the finding goes along") {
    Story story({.confirm = 1});
    known(story).complete({driftAt("new", Side::Live, "old")});
    CHECK(steps(story.complete({driftAt("newer", Side::Live, "old")})) == Steps{Step::Changed});
    CHECK(steps(story.complete({driftAt("old")})) == Steps{Step::Changed});
    CHECK(story.open().size() == 1);
    CHECK(story.open().at(0).id == "1");
}

TEST_CASE("a waiting finding that is moved keeps its sightings") {
    Story story;
    known(story).complete({driftAt("old")});
    CHECK(steps(story.complete({driftAt("new", Side::Live, "old")})) == Steps{Step::Opened});
}

TEST_CASE(
    "chains of moves in either direction keep every finding with its object, for as long as the "
    "move is pending") {
    for (const auto& [x, y, z] : {std::tuple("x", "y", "z"), std::tuple("z", "y", "x")}) {
        Story story({.confirm = 1});
        known(story).complete({driftAt(x), driftAt(y)});
        std::map<std::string, std::string> idAt;
        for (const Finding& finding : story.open()) idAt[finding.drift.address] = finding.id;
        for (int check = 0; check < 3; ++check) {
            story.complete({driftAt(y, Side::Live, x), driftAt(z, Side::Live, y)});
            REQUIRE(story.open().size() == 2);
            for (const Finding& finding : story.open())
                CHECK(finding.id == idAt.at(finding.drift.address == y ? x : y));
        }
    }
}

TEST_CASE("a partial check that moves one finding onto another one's address loses neither") {
    Story story({.confirm = 1});
    known(story).complete({driftAt("x"), driftAt("y")});
    story.partial({driftAt("y", Side::Live, "x")});
    CHECK(story.open().size() == 2);
    CHECK(story.complete({}).items.size() == 2);
    CHECK(story.open().empty());
}

TEST_CASE("what a rule keeps quiet counts as not drifting") {
    Story story({.confirm = 1});
    known(story).complete({driftAt("a")});
    CHECK(story.quiet("a", cause::ignoreChanges).partial({}).items.empty());
    const auto closed = story.quiet("a", cause::ignoreChanges).complete({});
    CHECK(steps(closed) == Steps{Step::Closed});
    CHECK(closed.items.at(0).finding.resolution == "in_sync");
}

TEST_CASE("nothing can be said of a cascade: its finding is kept as it is") {
    Story story({.confirm = 2});
    known(story).complete({driftAt("told"), driftAt("other")});
    story.complete({driftAt("told"), driftAt("waits")});
    story.quiet("told", cause::cascade).quiet("waits", cause::cascade);
    CHECK(story.complete({}).items.empty());
    CHECK(story.open().size() == 2);
    CHECK(steps(story.complete({driftAt("told"), driftAt("waits")})) ==
          Steps{Step::Updated, Step::Opened});
}

TEST_CASE("closing all tells of what was told and drops the rest, in order of address") {
    Story story;
    known(story).complete({driftAt("b")});
    story.complete({driftAt("b"), driftAt("a")});
    const auto closed = closeAll(story.open(), start + 9s, "stack_removed");
    CHECK(steps(closed) == Steps{Step::Dropped, Step::Closed});
    for (const auto& item : closed.items) {
        CHECK(item.finding.resolution == "stack_removed");
        CHECK(item.finding.closed == start + 9s);
    }
}

TEST_CASE("the same address twice in one report is one finding") {
    Story story({.confirm = 1});
    CHECK(known(story).complete({driftAt("a"), driftAt("a", Side::Git)}).items.size() == 1);
}

namespace {

// Follows the life of every finding and holds each step to what may come after the one before.
class Witness {
public:
    void sees(const Reconciled& result, Completeness completeness) {
        CHECK(std::ranges::is_sorted(result.items, {},
                                     [](const auto& i) { return i.finding.drift.address; }));
        if (completeness == Completeness::Failed) CHECK(result.items.empty());
        std::set<std::string> ids;
        for (const auto& item : result.items) {
            CHECK(ids.insert(item.finding.id).second);
            follows(item, completeness);
        }
        const bool waits = std::ranges::any_of(
            result.items, [](const auto& i) { return i.step == Step::Waiting; });
        CHECK(result.checkAgainAfter.has_value() == waits);
        if (waits) CHECK(*result.checkAgainAfter > 0s);
    }

private:
    void follows(const Reconciled::Item& item, Completeness completeness) {
        bool& told = told_[item.finding.id];
        CHECK(!gone_.contains(item.finding.id));
        switch (item.step) {
            case Step::Opened:
                CHECK(!told);
                told = true;
                break;
            case Step::Changed:
            case Step::Updated:
            case Step::Closed:
                CHECK(told);
                break;
            case Step::Waiting:
            case Step::Dropped:
                CHECK(!told);
                break;
        }
        CHECK(item.finding.isConfirmed() == told);
        const bool closes = item.step == Step::Closed || item.step == Step::Dropped;
        CHECK(item.finding.isOpen() == !closes);
        CHECK(item.finding.resolution.empty() == !closes);
        if (closes) {
            CHECK(completeness == Completeness::Complete);
            gone_.insert(item.finding.id);
        }
    }

    std::map<std::string, bool> told_;
    std::set<std::string> gone_;
};

std::vector<Drift> randomDrifts(std::mt19937& random) {
    static const std::vector<std::string> addresses = {"a", "b", "c", "d", "e"};
    std::vector<Drift> drifts;
    for (const auto& address : addresses) {
        if (random() % 3 == 0) continue;
        auto drift = driftAt(address, static_cast<Side>(random() % 4));
        drift.severity = static_cast<Severity>(random() % 3);
        if (random() % 8 == 0) drift.previousAddress = addresses[random() % addresses.size()];
        if (drift.previousAddress == drift.address) drift.previousAddress.clear();
        drifts.push_back(std::move(drift));
    }
    return drifts;
}

}  // namespace

TEST_CASE(
    "what comes and goes is told as flapping the fourth time, and closed by the third clean check "
    "in a row") {
    Story story({.confirm = 1});
    for (int times = 0; times < closingsUntilFlapping; ++times) {
        const auto opened = story.complete({driftAt("a")});
        CHECK(steps(opened) == Steps{Step::Opened});
        CHECK_FALSE(opened.items[0].finding.flapping);
        CHECK(steps(story.complete({})) == Steps{Step::Closed});
    }
    const auto again = story.complete({driftAt("a")});
    CHECK(steps(again) == Steps{Step::Opened});
    CHECK(again.items[0].finding.flapping);
    CHECK(again.items[0].finding.drift.note.find("several times") != std::string::npos);
    CHECK(steps(story.complete({})) == Steps{Step::Updated});
    CHECK(steps(story.complete({})) == Steps{Step::Updated});
    CHECK(steps(story.complete({driftAt("a")})) ==
          Steps{Step::Updated});  // and the count starts again
    CHECK(steps(story.complete({})) == Steps{Step::Updated});
    CHECK(steps(story.complete({})) == Steps{Step::Updated});
    CHECK(steps(story.complete({})) == Steps{Step::Closed});
}

TEST_CASE("what a rule of somebody hides is closed as ignored, also by a partial check") {
    for (const bool complete : {true, false}) {
        Story story({.confirm = 1});
        story.complete({driftAt("a")});
        story.quiet("a", cause::outOfBand, "settings/tags");
        const auto result = complete ? story.complete({}) : story.partial({});
        CHECK(steps(result) == Steps{Step::Closed});
        CHECK(result.items[0].finding.resolution == "ignored");
    }
}

TEST_CASE("what a built-in rule keeps quiet is in sync") {
    Story story({.confirm = 1});
    story.complete({driftAt("a")});
    story.quiet("a", cause::converged);
    const auto result = story.complete({});
    CHECK(steps(result) == Steps{Step::Closed});
    CHECK(result.items[0].finding.resolution == "in_sync");
}

TEST_CASE("whatever a stack does, every finding lives one orderly life") {
    for (unsigned seed = 1; seed <= 300; ++seed) {
        CAPTURE(seed);
        std::mt19937 random(seed);
        Story story({.confirm = 1 + static_cast<int>(random() % 3),
                     .unappliedGrace = Seconds(random() % 200)});
        Witness witness;
        for (int check = 0; check < 30; ++check) {
            story.passes(Seconds(1 + random() % 60));
            if (random() % 4 == 0)
                story.quiet("c", random() % 2 == 0 ? cause::cascade : cause::computed);
            const auto drifts = randomDrifts(random);
            switch (random() % 4) {
                case 0:
                    witness.sees(story.failed(drifts), Completeness::Failed);
                    break;
                case 1:
                    witness.sees(story.partial(drifts), Completeness::Partial);
                    break;
                default:
                    witness.sees(story.complete(drifts), Completeness::Complete);
                    for (const Drift& drift : drifts)
                        CHECK(std::ranges::count(story.open(), drift.address, [](const Finding& f) {
                                  return f.drift.address;
                              }) == 1);
            }
        }
    }
}

}  // namespace reconcile_test
