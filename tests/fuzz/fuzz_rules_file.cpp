// Any text, as either file of a repository: rules or mistakes whose places lie in the text, and
// rules never break what they are applied to.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "daemon/judge/rules.hpp"
#include "daemon/settings/rules_file.hpp"

using namespace driftkeeper;

namespace {

void check(const LoadedRules& loaded, std::string_view text) {
    const auto lines = static_cast<std::size_t>(std::ranges::count(text, '\n')) + 1;
    for (const auto& mistake : loaded.mistakes) {
        if (mistake.position.line < 1 || mistake.position.line > lines ||
            mistake.position.column < 1)
            std::abort();
    }
    if (render(loaded.mistakes).empty() != loaded.mistakes.empty()) std::abort();
    Report report;
    auto& drift = report.drifts.emplace_back();
    drift.address = "module.x[\"a\"].box_item.a[0]";
    drift.type = "box_item";
    drift.id = "i-1";
    drift.change = Change::Deleted;
    drift.cause = "out_of_band";
    drift.attributes = {{"tags.Owner"}, {"tags[\"a b\"]"}, {"rule[0].port"}};
    applyRules(report, loaded.rules, "infra", "infra/prod/a", TimePoint{});
    if (report.drifts.size() + report.notTold.size() != 1)
        std::abort();  // whole, for it is a delete
    const auto& where = report.drifts.empty() ? report.notTold[0].drift : report.drifts[0];
    if (where.attributes.size() != 3) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
    const std::string_view text(reinterpret_cast<const char*>(bytes), size);
    check(parseRulesFile(text, "infra", "x"), text);
    check(parseDriftignore(text, "infra", "x"), text);
    return 0;
}
