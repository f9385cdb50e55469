#include "parsers/sample/sample.hpp"

#include <map>
#include <string>

#include "parsers/graph/cause.hpp"

namespace driftkeeper::sample {
namespace {

std::map<std::string, std::string> valuesOf(std::string_view text) {
    std::map<std::string, std::string> values;
    while (!text.empty()) {
        const auto line = text.substr(0, text.find('\n'));
        text.remove_prefix(std::min(line.size() + 1, text.size()));
        if (const auto sign = line.find('='); sign != std::string_view::npos)
            values.emplace(line.substr(0, sign), line.substr(sign + 1));
    }
    return values;
}

}  // namespace

bool isSource(std::string_view path) noexcept {
    return path.ends_with("stack.sample");
}

std::vector<DiscoveredStack> discover(const std::vector<SourceFile>& files) {
    std::vector<DiscoveredStack> stacks;
    for (const auto& file : files) {
        if (!isSource(file.path)) continue;
        const auto slash = file.path.rfind('/');
        const std::string folder = slash == std::string::npos ? "." : file.path.substr(0, slash);
        stacks.push_back({folder, "sample", {folder}});
    }
    return stacks;
}

Report compare(std::string_view wanted, std::string_view live) {
    Report report;
    report.completeness = Completeness::Complete;
    const auto real = valuesOf(live);
    for (const auto& [name, value] : valuesOf(wanted)) {
        ++report.resources;
        ++report.coverage.checked;
        const auto it = real.find(name);
        if (it != real.end() && it->second == value) continue;
        Drift drift;
        drift.address = name;
        drift.type = "sample";
        drift.side = Side::Live;
        drift.change = it == real.end() ? Change::Deleted : Change::Modified;
        drift.cause = cause::outOfBand;
        report.drifts.push_back(std::move(drift));
    }
    return report;
}

}  // namespace driftkeeper::sample
