#include <doctest/doctest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <sstream>
#include <string>
#include <vector>

#include "parsers/terraform/plan.hpp"
#include "parsers/terraform/schema.hpp"

// Plans of terraform 1.11.4, recorded by tests/provider/record_golden.sh.
using namespace driftkeeper;
using namespace driftkeeper::terraform;

namespace {

std::filesystem::path golden(std::string_view name) {
    return std::filesystem::path(DRIFTKEEPER_SOURCE_DIR) / "tests/parsers/terraform/golden" / name;
}

std::string content(const std::filesystem::path& path) {
    std::ifstream in(path, std::ios::binary);
    REQUIRE_MESSAGE(in, path.string());
    std::ostringstream out;
    out << in.rdbuf();
    return std::move(out).str();
}

std::string textOf(const Drift& drift) {
    std::string out = drift.address + ' ' + std::string(name(drift.side)) + ' ' + std::string(name(drift.change));
    if (drift.liveChange) out += '(' + std::string(name(*drift.liveChange)) + '/' + std::string(name(*drift.gitChange)) + ')';
    out += ' ' + drift.cause;
    if (drift.replace) out += " replace";
    out += ' ' + std::string(name(drift.severity));
    if (!drift.previousAddress.empty()) out += " was " + drift.previousAddress;
    if (drift.dependents > 0) out += " dependents=" + std::to_string(drift.dependents);
    for (const auto& attribute : drift.attributes)
        out += "\n  " + attribute.path + (attribute.sensitive ? "!" : "") + ": " + attribute.git + " <> " + attribute.live;
    return out + '\n';
}

}  // namespace

TEST_CASE("dump") {
    const ValueTags tags("test");
    for (const auto& entry : std::filesystem::directory_iterator(golden(""))) {
        if (!std::filesystem::exists(entry.path() / "plan.json")) continue;
        auto asked = 0;
        PlanContext context;
        context.source = std::getenv("UNCHANGED") ? SourceSince::Unchanged : SourceSince::Changed;
        PlanFileStates states;
        if (std::filesystem::exists(entry.path() / "state_before.json")) {
            auto s = parseState(content(entry.path() / "state_before.json"), tags);
            if (!s) std::cout << "STATE " << s.error().message << "\n"; else states.before = *s;
            states.after = states.before;
            context.states = &states;
        }
        context.schemas = [&](const std::vector<std::string>& types) { ++asked; return parseSchemas(content(golden("provider_schema.json")), types); };
        auto report = readPlan(content(entry.path() / "plan.json"), context, tags);
        std::cout << "== " << entry.path().filename().string();
        if (!report) { std::cout << " ERROR " << report.error().message << "\n"; continue; }
        std::cout << ' ' << name(report->completeness) << ' ' << name(verdictOf(*report)) << " resources=" << report->resources << " checked=" << report->coverage.checked << " unreadable=" << report->coverage.unreadable << " schema=" << asked << "\n";
        for (auto& d : report->drifts) std::cout << textOf(d);
        for (auto& n : report->notTold) std::cout << "-- " << n.address << ' ' << n.cause << "\n";
    }
}
