#include "parsers/graph/report.hpp"

#include <algorithm>
#include <array>

namespace driftkeeper {
namespace {

constexpr std::array<std::string_view, 3> completenesses = {"complete", "partial", "failed"};
constexpr std::array<std::string_view, 4> verdicts = {"in_sync", "drifted", "unapplied", "inconclusive"};

}  // namespace

Report failedReport(std::string code, std::string text) {
    Report report;
    report.reason = Reason{std::move(code), std::move(text)};
    return report;
}

Verdict verdictOf(const Report& report) noexcept {
    if (report.completeness == Completeness::Failed) return Verdict::Inconclusive;
    if (std::ranges::any_of(report.drifts, [](const Drift& drift) { return drift.side != Side::Git; }))
        return Verdict::Drifted;
    if (!report.drifts.empty()) return Verdict::Unapplied;
    return report.completeness == Completeness::Complete ? Verdict::InSync : Verdict::Inconclusive;
}

std::string_view name(Completeness completeness) noexcept {
    return completenesses[static_cast<std::size_t>(completeness)];
}
std::string_view name(Verdict verdict) noexcept {
    return verdicts[static_cast<std::size_t>(verdict)];
}

std::optional<Completeness> completenessFrom(std::string_view word) noexcept {
    for (std::size_t i = 0; i < completenesses.size(); ++i)
        if (completenesses[i] == word) return static_cast<Completeness>(i);
    return std::nullopt;
}

std::optional<Verdict> verdictFrom(std::string_view word) noexcept {
    for (std::size_t i = 0; i < verdicts.size(); ++i)
        if (verdicts[i] == word) return static_cast<Verdict>(i);
    return std::nullopt;
}

}  // namespace driftkeeper
