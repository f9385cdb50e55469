#include "daemon/judge/history.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>
#include <string>
#include <string_view>

#include "parsers/graph/cause.hpp"

namespace driftkeeper {
namespace {

bool isUnapplied(const Drift& drift) {
    return drift.side == Side::Git && drift.change == Change::Modified &&
           (drift.cause == cause::unappliedCommit || drift.cause == cause::inputsChanged);
}

// What the previous look says of unapplied modifications, told or not.
class Unapplied {
public:
    explicit Unapplied(const Report& report) {
        for (const Drift& drift : report.drifts) add(drift);
        for (const NotTold& quiet : report.notTold) add(quiet.drift);
    }

    [[nodiscard]] bool isPerpetual(const Drift& drift, bool appliedSince) const {
        const Drift* before = find(drift);
        if (before == nullptr) return false;
        return before->cause == cause::perpetual || (appliedSince && wasWritten(*before, drift));
    }

private:
    void add(const Drift& drift) {
        if (isUnapplied(drift) || drift.cause == cause::perpetual)
            byAddress_[drift.address] = &drift;
    }

    [[nodiscard]] const Drift* find(const Drift& drift) const {
        auto it = byAddress_.find(drift.address);
        if (it == byAddress_.end() && !drift.previousAddress.empty())
            it = byAddress_.find(drift.previousAddress);
        return it == byAddress_.end() ? nullptr : it->second;
    }

    // The apply may have been of other resources alone: one that was written has another value
    // where Git asked for one.
    static bool wasWritten(const Drift& before, const Drift& now) {
        return std::ranges::any_of(now.attributes, [&](const AttributeDrift& one) {
            const auto same = std::ranges::find(before.attributes, one.path, &AttributeDrift::path);
            return same != before.attributes.end() && same->live != one.live;
        });
    }

    std::map<std::string_view, const Drift*> byAddress_;
};

bool isAppliedSince(const Evidence& previous, const Evidence& now) {
    return !now.stateLineage.empty() && now.stateLineage == previous.stateLineage &&
           now.stateSerial > previous.stateSerial;
}

void settlePerpetual(Check& check, const Check& previous) {
    if (check.sourceDigest.empty() || check.sourceDigest != previous.sourceDigest) return;
    const Unapplied before(previous.report);
    const bool applied = isAppliedSince(previous.report.evidence, check.report.evidence);
    for (Drift& drift : check.report.drifts)
        if (isUnapplied(drift) && before.isPerpetual(drift, applied))
            drift.cause = cause::perpetual;
}

// Providers that have another version than they had: their addresses.
std::set<std::string_view> upgraded(const Evidence& before, const Evidence& now) {
    std::set<std::string_view> found;
    for (const auto& [address, version] : now.providerVersions) {
        const auto it = before.providerVersions.find(address);
        if (it != before.providerVersions.end() && it->second != version) found.insert(address);
    }
    return found;
}

bool addsOnly(const Drift& drift) {
    const bool live = drift.cause == cause::outOfBand || drift.cause == cause::appliedElsewhere;
    const bool git = drift.cause == cause::unappliedCommit || drift.cause == cause::inputsChanged;
    const bool sides = (live && drift.side == Side::Live) || (git && drift.side == Side::Git);
    if (!sides || drift.change != Change::Modified || drift.replace || drift.attributes.empty())
        return false;
    return std::ranges::all_of(drift.attributes, [&](const AttributeDrift& one) {
        return (drift.side == Side::Live ? one.git : one.live) == "null";
    });
}

void settleUpgrades(Check& check, const CleanCheck& clean) {
    const auto providers = upgraded(clean.evidence, check.report.evidence);
    if (providers.empty()) return;
    std::map<std::string_view, std::string_view> providerOf;  // by resource address
    for (const Resource& resource : check.report.graph.resources())
        providerOf[resource.address] = resource.provider;
    for (Drift& drift : check.report.drifts)
        if (const auto it = providerOf.find(drift.address);
            it != providerOf.end() && providers.contains(it->second) && addsOnly(drift))
            drift.cause = cause::providerUpgrade;
}

}  // namespace

std::optional<std::string> stateLost(const Report& report, const Check* previous,
                                     const CleanCheck* clean) {
    const Evidence* before = nullptr;
    if (previous != nullptr && !previous->report.evidence.stateLineage.empty())
        before = &previous->report.evidence;
    else if (clean != nullptr)
        before = &clean->evidence;
    const std::string& lineage = report.evidence.stateLineage;
    if (before == nullptr || before->stateLineage.empty() || before->stateLineage == lineage)
        return std::nullopt;
    const bool heldNothing = previous != nullptr && before == &previous->report.evidence &&
                             previous->report.resources == 0;
    if (heldNothing) return std::nullopt;
    const auto isMissing = [](const Drift& drift) {
        return drift.side == Side::Git ? drift.change == Change::Created
                                       : drift.change == Change::Deleted;
    };
    const auto isStrange = [](const Drift& drift) {
        return drift.side == Side::Git ? drift.change == Change::Deleted
                                       : drift.change == Change::Created;
    };
    const auto missing = static_cast<std::size_t>(std::ranges::count_if(report.drifts, isMissing));
    const auto strange = static_cast<std::size_t>(std::ranges::count_if(report.drifts, isStrange));
    const auto fitting = report.resources - std::min(strange, report.resources);
    if (missing == 0 || missing + strange < fitting) return std::nullopt;
    if (report.resources == 0)
        return fmt::format("the state is empty, and Git asks for {} resources that were in it",
                           missing);
    return fmt::format(
        "the state is another one than before: {} of the resources that Git asks for are not in it",
        missing);
}

void settleByHistory(Check& check, const Check* previous, const CleanCheck* clean) {
    if (previous != nullptr) settlePerpetual(check, *previous);
    if (clean != nullptr) settleUpgrades(check, *clean);
}

}  // namespace driftkeeper
