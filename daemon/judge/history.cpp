#include "daemon/judge/history.hpp"

#include <algorithm>
#include <map>
#include <set>
#include <string>
#include <string_view>

#include "parsers/graph/cause.hpp"

namespace driftkeeper {
namespace {

void settle(Drift& drift, std::string_view cause) {
    drift.cause = cause;
    drift.severity = Severity::Info;
}

bool isUnapplied(const Drift& drift) {
    return drift.side == Side::Git && drift.change == Change::Modified && drift.cause == cause::unappliedCommit;
}

// What the previous look says of unapplied modifications, told or not: address -> it was perpetual already.
class Unapplied {
public:
    explicit Unapplied(const Report& report) {
        for (const Drift& drift : report.drifts) add(drift);
        for (const NotTold& quiet : report.notTold) add(quiet.drift);
    }

    [[nodiscard]] bool isPerpetual(const Drift& drift, bool appliedSince) const {
        const auto it = find(drift);
        return it != perpetual_.end() && (it->second || appliedSince);
    }

private:
    using Map = std::map<std::string_view, bool>;

    void add(const Drift& drift) {
        const bool perpetual = drift.cause == cause::perpetual;
        if (isUnapplied(drift) || perpetual) perpetual_[drift.address] |= perpetual;
    }
    [[nodiscard]] Map::const_iterator find(const Drift& drift) const {
        const auto it = perpetual_.find(drift.address);
        return it != perpetual_.end() || drift.previousAddress.empty() ? it : perpetual_.find(drift.previousAddress);
    }

    Map perpetual_;
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
        if (isUnapplied(drift) && before.isPerpetual(drift, applied)) settle(drift, cause::perpetual);
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
    const bool git = drift.cause == cause::unappliedCommit;
    const bool sides = (live && drift.side == Side::Live) || (git && drift.side == Side::Git);
    if (!sides || drift.change != Change::Modified || drift.replace || drift.attributes.empty()) return false;
    return std::ranges::all_of(drift.attributes, [&](const AttributeDrift& one) {
        return (drift.side == Side::Live ? one.git : one.live) == "null";
    });
}

void settleUpgrades(Check& check, const CleanCheck& clean) {
    const auto providers = upgraded(clean.evidence, check.report.evidence);
    if (providers.empty()) return;
    std::map<std::string_view, std::string_view> providerOf;  // by resource address
    for (const Resource& resource : check.report.graph.resources()) providerOf[resource.address] = resource.provider;
    for (Drift& drift : check.report.drifts)
        if (const auto it = providerOf.find(drift.address);
            it != providerOf.end() && providers.contains(it->second) && addsOnly(drift))
            settle(drift, cause::providerUpgrade);
}

}  // namespace

void settleByHistory(Check& check, const Check* previous, const CleanCheck* clean) {
    if (previous != nullptr) settlePerpetual(check, *previous);
    if (clean != nullptr) settleUpgrades(check, *clean);
}

}  // namespace driftkeeper
