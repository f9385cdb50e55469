#include "parsers/graph/report.hpp"

#include <algorithm>

#include "parsers/graph/words.hpp"

namespace driftkeeper {
namespace {

constexpr Words<Completeness, 3> completenesses{{"complete", "partial", "failed"}};
constexpr Words<Verdict, 4> verdicts{{"in_sync", "drifted", "unapplied", "inconclusive"}};

}  // namespace

Report failedReport(std::string code, std::string text) {
    Report report;
    report.reason = Reason{std::move(code), std::move(text)};
    return report;
}

Verdict verdictOf(const Report& report) noexcept {
    if (report.completeness == Completeness::Failed) return Verdict::Inconclusive;
    if (std::ranges::any_of(report.drifts,
                            [](const Drift& drift) { return drift.side != Side::Git; }))
        return Verdict::Drifted;
    if (!report.drifts.empty()) return Verdict::Unapplied;
    return report.completeness == Completeness::Complete ? Verdict::InSync : Verdict::Inconclusive;
}

std::string_view name(Completeness completeness) noexcept {
    return completenesses.of(completeness);
}
std::string_view name(Verdict verdict) noexcept {
    return verdicts.of(verdict);
}

std::optional<Completeness> completenessFrom(std::string_view word) noexcept {
    return completenesses.from(word);
}

std::optional<Verdict> verdictFrom(std::string_view word) noexcept {
    return verdicts.from(word);
}

}  // namespace driftkeeper
