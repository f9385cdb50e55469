#include <doctest/doctest.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>
#include <vector>

#include "parsers/graph/cause.hpp"
#include "parsers/terraform/plan.hpp"
#include "parsers/terraform/schema.hpp"

// Plans of terraform 1.11.4, recorded by tests/provider/record_golden.sh, and what is made of them.
// Each is read twice: the stack's files changed since the last look that was in sync, or they did
// not. With DRIFTKEEPER_REWRITE_GOLDEN set, expected/ is written anew and the run fails once.
using namespace driftkeeper;
using namespace driftkeeper::terraform;
namespace fs = std::filesystem;

namespace plan_golden_test {
namespace {

const fs::path here = fs::path(DRIFTKEEPER_SOURCE_DIR) / "tests/parsers/terraform";

std::string content(const fs::path& path) {
    std::ifstream in(path, std::ios::binary);
    REQUIRE_MESSAGE(in, path.string());
    std::ostringstream out;
    out << in.rdbuf();
    return std::move(out).str();
}

std::string textOf(const Drift& drift) {
    std::string out =
        drift.address + ' ' + std::string(name(drift.side)) + ' ' + std::string(name(drift.change));
    if (drift.liveChange)
        out += " (live " + std::string(name(*drift.liveChange)) + ", git " +
               std::string(name(*drift.gitChange)) + ')';
    out += ' ' + drift.cause + (drift.replace ? " replace" : "");
    if (!drift.previousAddress.empty()) out += " was " + drift.previousAddress;
    out += " id=" + drift.id + " dependents=" + std::to_string(drift.dependents) + '\n';
    for (const auto& attribute : drift.attributes)
        out += "    " + attribute.path + (attribute.sensitive ? " (sensitive)" : "") + ": git " +
               attribute.git + " live " + attribute.live +
               (attribute.before.empty() ? "" : " before " + attribute.before) + '\n';
    return out;
}

std::string textOf(const Report& report, int schemaCalls) {
    auto told = report;
    std::erase_if(told.drifts, [](const Drift& drift) { return isNoise(drift.cause); });
    std::string out = std::string(name(report.completeness)) + ' ' +
                      std::string(name(verdictOf(told))) +
                      " resources=" + std::to_string(report.resources) +
                      " checked=" + std::to_string(report.coverage.checked) +
                      " unreadable=" + std::to_string(report.coverage.unreadable) +
                      " schema_calls=" + std::to_string(schemaCalls) + '\n';
    for (const auto& drift : report.drifts) out += textOf(drift);
    CHECK(report.notTold.empty());
    return out;
}

std::string reading(const fs::path& situation, SourceSince source) {
    const ValueTags tags("golden");
    auto before = parseState(content(situation / "state_before.json"), tags);
    REQUIRE(before);
    PlanFileStates states{*before, *before};
    if (situation.filename() == "data_source_changed")
        for (auto& [address, tag] : states.after.dataSources) tag += "anew";
    PlanContext context;
    context.source = source;
    context.states = &states;
    if (situation.filename().string().starts_with("ignore_changes"))
        context.ignoreChanges = {{"box_item.a", {"content", "labels[\"scaled\"]"}},
                                 {"box_item.b", {"all"}}};
    int schemaCalls = 0;
    context.schemas = [&](const std::vector<std::string>& types) {
        ++schemaCalls;
        return parseSchemas(content(here / "golden/provider_schema.json"), types);
    };
    const auto report = readPlan(content(situation / "plan.json"), context, tags);
    REQUIRE_MESSAGE(report, situation.string());
    return textOf(*report, schemaCalls);
}

}  // namespace

TEST_CASE("every recorded plan gives the drifts that it must") {
    const bool rewrite = std::getenv("DRIFTKEEPER_REWRITE_GOLDEN") != nullptr;
    std::size_t count = 0;
    for (const auto& entry : fs::directory_iterator(here / "golden")) {
        if (!fs::exists(entry.path() / "plan.json") ||
            !fs::exists(entry.path() / "state_before.json"))
            continue;
        ++count;
        const auto situation = entry.path().filename().string();
        CAPTURE(situation);
        const auto actual = "files changed: " + reading(entry.path(), SourceSince::Changed) +
                            "files unchanged: " + reading(entry.path(), SourceSince::Unchanged);
        const auto file = here / "expected" / (situation + ".txt");
        if (rewrite) std::ofstream(file, std::ios::binary) << actual;
        CHECK(actual == content(file));
    }
    CHECK(count > 60);
    CHECK_MESSAGE(!rewrite, "expected/ was rewritten: read what changed, then run again");
}

TEST_CASE("every cause that one plan can tell has a recorded plan") {
    std::string all;
    for (const auto& entry : fs::directory_iterator(here / "expected"))
        all += content(entry.path());
    for (const Cause& cause : causes()) {
        // No released terraform can be made to put anything off; the history gives three more, and
        // siblings and what runs out are real providers' alone.
        const bool isElsewhere = cause.terraform.empty() || cause.word == cause::deferred ||
                                 cause.word == cause::perpetual ||
                                 cause.word == cause::inputsChanged ||
                                 cause.word == cause::sibling || cause.word == cause::expired ||
                                 cause.word == cause::providerUpgrade;
        if (!isElsewhere)
            CHECK_MESSAGE(all.find(' ' + std::string(cause.word) + ' ') != std::string::npos,
                          cause.word);
    }
}

}  // namespace plan_golden_test
