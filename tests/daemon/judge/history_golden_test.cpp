#include <doctest/doctest.h>

#include <filesystem>

#include "daemon/judge/history.hpp"
#include "parsers/graph/cause.hpp"
#include "parsers/terraform/plan.hpp"
#include "parsers/terraform/schema.hpp"
#include "parsers/terraform/state.hpp"
#include "tests/support/files.hpp"

// What only two looks together can tell, from plans that terraform 1.11.4 gave
// (tests/provider/record_golden.sh).
using namespace driftkeeper;
using namespace driftkeeper::terraform;
using tests::readFile;

namespace history_golden_test {
namespace {

const std::filesystem::path golden =
    std::filesystem::path(DRIFTKEEPER_SOURCE_DIR) / "tests/parsers/terraform/golden";

Check look(const std::string& situation, SourceSince source, const std::string& version) {
    const ValueTags tags("golden");
    const auto state = parseState(readFile(golden / situation / "state_before.json"), tags);
    REQUIRE(state);
    const PlanFileStates states{*state, *state};
    PlanContext context;
    context.source = source;
    context.states = &states;
    context.schemas = [](const std::vector<std::string>& types) {
        return parseSchemas(readFile(golden / "provider_schema.json"), types);
    };
    const auto report = readPlan(readFile(golden / situation / "plan.json"), context, tags);
    REQUIRE_MESSAGE(report, situation);
    Check check;
    check.sourceDigest = "the same files";
    check.report = *report;
    check.report.evidence.stateLineage = state->lineage;
    check.report.evidence.stateSerial = state->serial;
    check.report.evidence.providerVersions = {{"registry.terraform.io/driftkeeper/box", version}};
    return check;
}

std::vector<std::string> causesOf(const Check& check) {
    std::vector<std::string> causes;
    for (const auto& drift : check.report.drifts)
        causes.push_back(drift.address + ' ' + drift.cause);
    return causes;
}

using Words = std::vector<std::string>;

}  // namespace

TEST_CASE("terraform asks again for what it just applied: perpetual") {
    const auto before = look("never_converges_before", SourceSince::Changed, "1.1.0");
    auto after = look("never_converges", SourceSince::Changed, "1.1.0");
    CHECK(causesOf(before) == Words{"box_item.a unapplied_commit"});
    CHECK(causesOf(after) == Words{"box_item.a unapplied_commit"});
    settleByHistory(after, &before, nullptr);
    CHECK(causesOf(after) == Words{"box_item.a perpetual"});
}

TEST_CASE(
    "what a provider's next version sees and the last one did not is its upgrade, and a drift "
    "stays a drift") {
    CleanCheck clean;
    clean.evidence.providerVersions = {{"registry.terraform.io/driftkeeper/box", "1.1.0"}};
    auto upgraded = look("provider_upgrade", SourceSince::Changed, "2.0.0-beta1");
    settleByHistory(upgraded, nullptr, &clean);
    CHECK(causesOf(upgraded) ==
          Words{"box_item.a provider_upgrade", "box_item.b provider_upgrade"});

    auto drifted = look("provider_upgrade_and_drift", SourceSince::Changed, "2.0.0-beta1");
    settleByHistory(drifted, nullptr, &clean);
    CHECK(causesOf(drifted) == Words{"box_item.a out_of_band", "box_item.b provider_upgrade"});

    // The same sight with the same version is no upgrade.
    auto same = look("provider_upgrade", SourceSince::Changed, "1.1.0");
    settleByHistory(same, nullptr, &clean);
    for (const auto& drift : same.report.drifts) CHECK(drift.cause != cause::providerUpgrade);
}

}  // namespace history_golden_test
