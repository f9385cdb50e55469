#include "daemon/judge/reconcile.hpp"

#include <algorithm>
#include <chrono>
#include <map>
#include <set>
#include <string_view>
#include <utility>

#include "parsers/graph/cause.hpp"

namespace driftkeeper {
namespace {

constexpr std::string_view flappingNote =
    "it came and went several times within a day: alerted once, and closed by the third clean "
    "check in a row";

bool countsAsLive(const Drift& drift) noexcept {
    return drift.side != Side::Git;
}

bool isGone(Step step) noexcept {
    return step == Step::Closed || step == Step::Dropped;
}

// Which open finding each drift continues.
class Matching {
public:
    Matching(const std::vector<Finding>& open, const std::vector<Drift>& drifts) {
        for (const Finding& finding : open) unclaimed_.emplace(finding.drift.address, &finding);
        for (const Drift& drift : drifts) byAddress_.emplace(drift.address, Pair{&drift, nullptr});
        // Moves may form chains (a -> b while b -> c), so an address alone can be another object's.
        // A finding that knows of the move, or a drift that has none, settles by address; then by
        // the address that the state has, wherever a move that nobody applied leads now; then what
        // is left.
        pairByAddress([](const Drift& drift, const Finding& finding) {
            return drift.previousAddress.empty() ||
                   drift.previousAddress == finding.drift.previousAddress;
        });
        pairByOrigin();
        pairByAddress([](const Drift&, const Finding&) { return true; });
    }

    struct Pair {
        const Drift* drift;
        const Finding* finding;  // null: nothing is open yet
    };

    [[nodiscard]] const std::map<std::string_view, Pair>& seen() const noexcept {
        return byAddress_;
    }
    [[nodiscard]] const std::multimap<std::string_view, const Finding*>& unseen() const noexcept {
        return unclaimed_;
    }

private:
    static const std::string& originOf(const Drift& drift) {
        return drift.previousAddress.empty() ? drift.address : drift.previousAddress;
    }

    template <class Fits>
    void pairByAddress(Fits fits) {
        for (auto& [address, pair] : byAddress_) {
            if (pair.finding != nullptr) continue;
            const auto it = unclaimed_.find(address);
            if (it != unclaimed_.end() && fits(*pair.drift, *it->second)) claim(pair, it);
        }
    }

    void pairByOrigin() {
        for (auto& [address, pair] : byAddress_) {
            if (pair.finding != nullptr) continue;
            const auto it = std::ranges::find_if(unclaimed_, [&](const auto& one) {
                return originOf(one.second->drift) == originOf(*pair.drift);
            });
            if (it != unclaimed_.end()) claim(pair, it);
        }
    }

    void claim(Pair& pair, std::multimap<std::string_view, const Finding*>::iterator it) {
        pair.finding = it->second;
        unclaimed_.erase(it);
    }

    std::multimap<std::string_view, const Finding*>
        unclaimed_;  // a partial check can leave two at one address
    std::map<std::string_view, Pair> byAddress_;
};

// One check's judgement of single findings.
class Judgement {
public:
    Judgement(const Check& check, const ConfirmationPolicy& policy, const Remembered& remembered)
        : check_(check),
          policy_(policy),
          remembered_(remembered),
          shownAsBaseline_(remembered.firstComplete && check.complete()) {
        for (const NotTold& quiet : check.report.notTold) {
            if (quiet.drift.cause == cause::cascade) undecided_.insert(quiet.drift.address);
            if (!quiet.rule.starts_with("builtin/")) ignored_.insert(quiet.drift.address);
        }
        for (const Drift& drift : check.report.drifts) {
            undecided_.erase(drift.address);
            taken_.insert(drift.address);
        }
    }

    [[nodiscard]] Reconciled::Item opened(const Drift& drift, std::string id) const {
        Finding finding;
        finding.id = std::move(id);
        finding.stackId = check_.stackId;
        finding.firstSeen = check_.finished;
        return seen(std::move(finding), drift, 0);
    }

    [[nodiscard]] Reconciled::Item continued(const Finding& before, const Drift& drift) const {
        return seen(before, drift, countsAsLive(before.drift) ? before.sightings : 0);
    }

    // nullopt: this check says nothing about it.
    [[nodiscard]] std::optional<Reconciled::Item> unseen(const Finding& before) const {
        const bool isIgnored = ignored_.contains(before.drift.address);
        if (!isIgnored && (!check_.complete() || undecided_.contains(before.drift.address)))
            return std::nullopt;
        Finding finding = before;
        const bool mayLinger =
            finding.flapping && !isIgnored && !taken_.contains(finding.drift.address);
        if (mayLinger && ++finding.cleanChecks < cleanChecksUntilCalm)
            return Reconciled::Item{Step::Updated, std::move(finding)};
        finding.closed = check_.finished;
        finding.deferredUntil.reset();
        finding.resolution = isIgnored ? "ignored" : "in_sync";
        return Reconciled::Item{before.isConfirmed() ? Step::Closed : Step::Dropped,
                                std::move(finding)};
    }

    // How long until a finding that waits may be told.
    [[nodiscard]] Seconds patience(const Finding& finding) const {
        if (countsAsLive(finding.drift)) return policy_.confirmAfter;
        const auto left = std::chrono::ceil<Seconds>(finding.firstSeen + policy_.unappliedGrace -
                                                     check_.finished);
        return std::min(
            left, policy_.unappliedGrace);  // a clock that was set back must not stretch the grace
    }

private:
    [[nodiscard]] Reconciled::Item seen(Finding finding, const Drift& drift,
                                        int sightingsBefore) const {
        const Drift before = std::exchange(finding.drift, drift);
        finding.lastSeen = check_.finished;
        finding.cleanChecks = 0;
        if (finding.flapping) finding.drift.note = std::string(flappingNote);
        finding.sightings = countsAsLive(drift) ? sightingsBefore + 1 : 0;
        if (finding.isConfirmed())
            return {differs(before, drift) ? Step::Changed : Step::Updated, std::move(finding)};
        if (shownAsBaseline_) finding.baseline = true;
        if (!meetsPolicy(finding)) return {Step::Waiting, std::move(finding)};
        finding.confirmedAt = check_.finished;
        const auto closings = remembered_.recentlyClosed.find(finding.drift.address);
        finding.flapping = closings != remembered_.recentlyClosed.end() &&
                           closings->second >= closingsUntilFlapping;
        if (finding.flapping) finding.drift.note = std::string(flappingNote);
        return {Step::Opened, std::move(finding)};
    }

    [[nodiscard]] bool meetsPolicy(const Finding& finding) const {
        if (countsAsLive(finding.drift)) return finding.sightings >= policy_.confirm;
        return check_.finished - finding.firstSeen >= policy_.unappliedGrace;
    }

    // What people are told again about.
    static bool differs(const Drift& before, const Drift& now) noexcept {
        return before.side != now.side || before.change != now.change ||
               before.severity != now.severity || before.address != now.address;
    }

    const Check& check_;
    const ConfirmationPolicy& policy_;
    const Remembered& remembered_;
    bool shownAsBaseline_;
    std::set<std::string_view> taken_;    // by what is seen: no address is shared by two findings
    std::set<std::string_view> ignored_;  // by a rule that somebody wrote
    std::set<std::string_view>
        undecided_;  // only unknown values of another change: neither drifting nor in sync
};

std::optional<Seconds> soonest(const Judgement& judgement,
                               const std::vector<Reconciled::Item>& items) {
    std::optional<Seconds> result;
    for (const auto& item : items)
        if (item.step == Step::Waiting) {
            const Seconds patience = judgement.patience(item.finding);
            result = std::min(result.value_or(patience), patience);
        }
    return result;
}

void sortByAddress(std::vector<Reconciled::Item>& items) {
    // What left an address comes before what moved there.
    std::ranges::stable_sort(items, {}, [](const Reconciled::Item& item) {
        return std::pair(std::string_view(item.finding.drift.address), !isGone(item.step));
    });
}

}  // namespace

Reconciled reconcile(const Remembered& remembered, const Check& check,
                     const ConfirmationPolicy& policy, const std::function<std::string()>& makeId) {
    Reconciled result;
    if (check.report.completeness == Completeness::Failed) return result;

    const Matching matching(remembered.open, check.report.drifts);
    const Judgement judgement(check, policy, remembered);
    for (const auto& [address, pair] : matching.seen())
        result.items.push_back(pair.finding != nullptr
                                   ? judgement.continued(*pair.finding, *pair.drift)
                                   : judgement.opened(*pair.drift, makeId()));
    for (const auto& [address, finding] : matching.unseen())
        if (auto item = judgement.unseen(*finding)) result.items.push_back(*std::move(item));
    sortByAddress(result.items);
    result.checkAgainAfter = soonest(judgement, result.items);
    return result;
}

ConfirmationPolicy policyOf(const CheckSettings& checks) {
    return {checks.confirm, checks.confirmAfter, checks.unappliedGrace};
}

TimePoint confirmableAt(const Finding& finding, const ConfirmationPolicy& policy) {
    if (!countsAsLive(finding.drift)) return finding.firstSeen + policy.unappliedGrace;
    return finding.lastSeen + std::max(policy.confirm - finding.sightings, 1) * policy.confirmAfter;
}

Reconciled closeAll(const std::vector<Finding>& open, TimePoint now,
                    const std::string& resolution) {
    Reconciled result;
    for (Finding finding : open) {
        finding.closed = now;
        finding.deferredUntil.reset();
        finding.resolution = resolution;
        const Step step = finding.isConfirmed() ? Step::Closed : Step::Dropped;
        result.items.push_back({step, std::move(finding)});
    }
    sortByAddress(result.items);
    return result;
}

}  // namespace driftkeeper
