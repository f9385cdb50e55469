#include "daemon/judge/history.hpp"

#include <doctest/doctest.h>

#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "parsers/graph/cause.hpp"

using namespace driftkeeper;

namespace history_test {
namespace {

Drift unapplied(std::string address = "box_item.a") {
    Drift drift;
    drift.address = std::move(address);
    drift.side = Side::Git;
    drift.cause = cause::unappliedCommit;
    drift.severity = Severity::Warning;
    drift.attributes = {{"content", R"("new")", R"("old")"}};
    return drift;
}

// The same after it was applied: another value is live, and Git asks again.
Drift again() {
    Drift drift = unapplied();
    drift.attributes[0].live = R"("written")";
    return drift;
}

Check look(std::uint64_t serial, std::vector<Drift> drifts) {
    Check check;
    check.sourceDigest = "d";
    check.report.completeness = Completeness::Complete;
    check.report.drifts = std::move(drifts);
    check.report.evidence.stateLineage = "l";
    check.report.evidence.stateSerial = serial;
    check.report.evidence.providerVersions = {{"p", "2.0.0"}, {"other", "1.0.0"}};
    for (const char* address : {"box_item.a", "box_item.b"})
        check.report.graph.add({address, "box_item", "", "p"});
    return check;
}

std::string causeAfter(Check check, const Check* previous, const CleanCheck* clean = nullptr) {
    settleByHistory(check, previous, clean);
    return check.report.drifts.at(0).cause;
}

CleanCheck cleanWith(std::string version) {
    CleanCheck clean;
    clean.evidence.providerVersions = {{"p", std::move(version)}, {"other", "1.0.0"}};
    return clean;
}

// What the new version of a provider reads and the old one did not know.
Drift added(Side side = Side::Live) {
    Drift drift = unapplied();
    drift.side = side;
    if (side == Side::Live) {
        drift.cause = cause::outOfBand;
        drift.attributes = {{"a", "null", "1"}, {"b", "null", R"("x")"}};
    } else {
        drift.attributes = {{"a", "1", "null"}, {"b", R"({"unknown":true})", "null"}};
    }
    return drift;
}

}  // namespace

TEST_CASE("what differs again after an apply of the same files is perpetual") {
    const Check previous = look(5, {unapplied()});
    Check check = look(6, {again()});
    settleByHistory(check, &previous, nullptr);
    CHECK(check.report.drifts[0].cause == "perpetual");
    CHECK(check.report.drifts[0].side == Side::Git);
}

TEST_CASE("without an apply of the same files nothing is perpetual") {
    struct Row {
        const char* what;
        std::function<void(Check& previous, Check& check)> edit;
    };
    const std::vector<Row> table = {
        {"no apply", [](Check&, Check& check) { check.report.evidence.stateSerial = 5; }},
        {"an apply of other resources alone",
         [](Check&, Check& check) { check.report.drifts[0].attributes[0].live = R"("old")"; }},
        {"an older state", [](Check&, Check& check) { check.report.evidence.stateSerial = 4; }},
        {"another state", [](Check&, Check& check) { check.report.evidence.stateLineage = "m"; }},
        {"no state known",
         [](Check& previous, Check& check) {
             previous.report.evidence.stateLineage.clear();
             check.report.evidence.stateLineage.clear();
         }},
        {"other files", [](Check&, Check& check) { check.sourceDigest = "e"; }},
        {"files not known",
         [](Check& previous, Check& check) {
             previous.sourceDigest.clear();
             check.sourceDigest.clear();
         }},
        {"another address",
         [](Check& previous, Check&) { previous.report.drifts[0].address = "box_item.b"; }},
        {"it was not there", [](Check& previous, Check&) { previous.report.drifts.clear(); }},
        {"it was live", [](Check& previous, Check&) { previous.report.drifts[0] = added(); }},
        {"it was tainted",
         [](Check& previous, Check&) { previous.report.drifts[0].cause = cause::tainted; }},
        {"it was noise",
         [](Check& previous, Check&) { previous.report.drifts[0].cause = cause::cascade; }},
        {"it was to be created",
         [](Check& previous, Check&) { previous.report.drifts[0].change = Change::Created; }},
        {"it is to be created",
         [](Check&, Check& check) { check.report.drifts[0].change = Change::Created; }},
        {"it is to be deleted",
         [](Check&, Check& check) { check.report.drifts[0].change = Change::Deleted; }},
        {"it is tainted",
         [](Check&, Check& check) { check.report.drifts[0].cause = cause::tainted; }},
    };
    for (const Row& row : table) {
        CAPTURE(row.what);
        Check previous = look(5, {unapplied()});
        Check check = look(6, {again()});
        row.edit(previous, check);
        const std::string before = check.report.drifts[0].cause;
        CHECK(causeAfter(check, &previous) == before);
    }
    CHECK(causeAfter(look(6, {again()}), nullptr) == "unapplied_commit");
}

TEST_CASE("once perpetual it stays so while the files are the same, applied again or not") {
    Check previous = look(6, {unapplied()});
    previous.report.drifts[0].cause = cause::perpetual;
    CHECK(causeAfter(look(6, {unapplied()}), &previous) == "perpetual");
    previous.report.evidence.stateLineage = "m";
    CHECK(causeAfter(look(6, {unapplied()}), &previous) == "perpetual");
    previous.sourceDigest = "e";
    CHECK(causeAfter(look(7, {again()}), &previous) == "unapplied_commit");
}

TEST_CASE("what a rule kept quiet is remembered, too") {
    Check previous = look(6, {});
    previous.report.notTold = {{unapplied(), "settings/x"}};
    previous.report.notTold[0].drift.cause = cause::perpetual;
    CHECK(causeAfter(look(6, {unapplied()}), &previous) == "perpetual");
}

TEST_CASE("the memory follows a move") {
    const Check previous = look(5, {unapplied("box_item.old")});
    Drift moved = again();
    CHECK(causeAfter(look(6, {moved}), &previous) == "unapplied_commit");
    moved.previousAddress = "box_item.old";
    CHECK(causeAfter(look(6, {moved}), &previous) == "perpetual");
}

TEST_CASE("what only a new version of the provider sees is an upgrade") {
    const CleanCheck clean = cleanWith("1.0.0");
    for (const Side side : {Side::Live, Side::Git}) {
        Check check = look(5, {added(side)});
        settleByHistory(check, nullptr, &clean);
        CHECK(check.report.drifts[0].cause == "provider_upgrade");
        CHECK(check.report.drifts[0].side == side);
    }
}

TEST_CASE("what was there before, or needs more than a new version, is no upgrade") {
    struct Row {
        const char* what;
        std::function<void(Drift& drift, CleanCheck& clean)> edit;
    };
    const auto sets = [](auto member, auto value) {
        return [=](Drift& drift, CleanCheck&) { drift.*member = value; };
    };
    const std::vector<Row> table = {
        {"the same version", [](Drift&, CleanCheck& clean) { clean = cleanWith("2.0.0"); }},
        {"no version known",
         [](Drift&, CleanCheck& clean) { clean.evidence.providerVersions.clear(); }},
        {"another provider's version",
         [](Drift&, CleanCheck& clean) {
             clean.evidence.providerVersions = {{"p", "2.0.0"}, {"other", "0.9.0"}};
         }},
        {"a value before", [](Drift& drift, CleanCheck&) { drift.attributes[1].git = "1"; }},
        {"no attributes", [](Drift& drift, CleanCheck&) { drift.attributes.clear(); }},
        {"replaced", sets(&Drift::replace, true)},
        {"deleted", sets(&Drift::change, Change::Deleted)},
        {"conflict", sets(&Drift::side, Side::Both)},
        {"noise", sets(&Drift::cause, std::string(cause::computed))},
        {"not in the graph", sets(&Drift::address, std::string("box_item.z"))},
    };
    for (const Row& row : table) {
        CAPTURE(row.what);
        Drift drift = added();
        CleanCheck clean = cleanWith("1.0.0");
        row.edit(drift, clean);
        CHECK(causeAfter(look(5, {drift}), nullptr, &clean) == drift.cause);
    }
    Drift drift = added(Side::Git);
    drift.attributes[0].live = "2";
    const CleanCheck clean = cleanWith("1.0.0");
    CHECK(causeAfter(look(5, {drift}), nullptr, &clean) == "unapplied_commit");
    CHECK(causeAfter(look(5, {added()}), nullptr, nullptr) == "out_of_band");
}

TEST_CASE("an empty or foreign state is lost when most of what Git asks for is not in it") {
    const auto absent = [](const char* address) {
        Drift drift = unapplied(address);
        drift.change = Change::Created;
        return drift;
    };
    const auto surplus = [](const char* address) {
        Drift drift = unapplied(address);
        drift.change = Change::Deleted;
        return drift;
    };
    Check before = look(7, {});
    before.report.resources = 3;
    const auto lost = [&](std::string lineage, std::size_t resources, std::vector<Drift> drifts) {
        Check now = look(1, std::move(drifts));
        now.report.evidence.stateLineage = std::move(lineage);
        now.report.resources = resources;
        return stateLost(now.report, &before, nullptr).has_value();
    };
    CHECK(lost("", 0, {absent("box_item.a"), absent("box_item.b")}));
    CHECK(lost("other", 1, {absent("box_item.a"), surplus("box_item.x")}));
    // Somebody destroyed it all, Git wants nothing, or it is a new state of the same things.
    CHECK_FALSE(lost("l", 0, {absent("box_item.a")}));
    CHECK_FALSE(lost("", 0, {}));
    CHECK_FALSE(lost("other", 9, {absent("box_item.a")}));

    // Nothing was in it.
    before.report.resources = 0;
    CHECK_FALSE(lost("other", 0, {absent("box_item.a")}));

    // Without a look before, the last clean one says which state it was.
    Check now = look(1, {absent("box_item.a")});
    now.report.evidence.stateLineage = "";
    now.report.resources = 0;
    CleanCheck clean;
    CHECK_FALSE(stateLost(now.report, nullptr, &clean));
    clean.evidence.stateLineage = "l";
    CHECK(stateLost(now.report, nullptr, &clean));
}

}  // namespace history_test
