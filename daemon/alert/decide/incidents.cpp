#include "daemon/alert/decide/incidents.hpp"

#include <algorithm>
#include <set>
#include <string_view>
#include <utility>

#include "daemon/alert/decide/incident_updates.hpp"

namespace driftkeeper {
namespace {

constexpr std::size_t stacksThatShare = 3;  // below it a common cause may be chance

// The shortest of its routes: who is paged at once does not wait for who collects.
Seconds groupWaitOf(const RouteSubject& subject, const AlertContext& context) {
    std::optional<Seconds> shortest;
    for (const auto& route : routesOrNone(context, subject)) {
        const Seconds wait = route.groupWait.value_or(context.groupWait);
        shortest = std::min(shortest.value_or(wait), wait);
    }
    return shortest.value_or(context.groupWait);
}

// Until when an opened finding waits before it is alerted; nullopt: it is alerted now.
std::optional<TimePoint> waitOf(const Finding& finding, const StackStatus& status,
                                const AlertContext& context) {
    const auto muted = context.mutedUntil
                           ? context.mutedUntil(subjectOf(status.stack, finding.drift))
                           : std::nullopt;
    if (muted) return muted;
    if (!context.mayGroup) return std::nullopt;
    const Seconds wait = groupWaitOf(subjectOf(status.stack, finding.drift), context);
    const bool mayBeShared =
        wait > Seconds(0) && (finding.baseline || !causeKeys(finding, status).empty());
    return mayBeShared ? std::optional(context.now + wait) : std::nullopt;
}

// The findings that wait, and which of them are alerted now.
class Waiting {
public:
    Waiting(const Memory& memory, const std::vector<StackStatus>& stacks,
            const AlertContext& context, IncidentUpdates& updates)
        : context_(context), updates_(updates) {
        std::map<std::string_view, const StackStatus*> byId;
        for (const auto& status : stacks) byId.emplace(status.stack.id, &status);
        for (const auto& finding : memory.findings)
            if (const auto it = byId.find(finding.stackId); it != byId.end())
                consider(finding, *it->second);
        for (const auto cause : causesByRank) share(cause);
    }

    void place(Decision& decision) {
        std::set<Group> over;  // what shares a cause is alerted together with the first of it
        for (const auto& one : ones_)
            if (isOver(one)) over.insert(one.shared.begin(), one.shared.end());
        for (const auto& one : ones_) {
            const bool isReady =
                isOver(one) || std::ranges::any_of(one.shared, [&](const auto& group) {
                    return enough_.contains(group) && over.contains(group);
                });
            if (!isReady) continue;
            Finding finding = *one.finding;
            finding.deferredUntil.reset();
            updates_.open(finding, one.shared);
            decision.findings.push_back(std::move(finding));
        }
        for (auto& finding : muted_) decision.findings.push_back(std::move(finding));
    }

private:
    struct One {
        const Finding* finding;
        std::vector<CauseKey> keys;
        std::vector<std::string> routes;
        IncidentUpdates::Shares shared = {};
    };
    using Group = IncidentUpdates::Shares::value_type;  // route and cause

    void consider(const Finding& finding, const StackStatus& status) {
        auto keys = finding.baseline ? std::vector<CauseKey>() : causeKeys(finding, status);
        if (!finding.isConfirmed()) {  // not confirmed yet: nobody is alerted, but its siblings had
                                       // better wait for it
            coming_.insert(keys.begin(), keys.end());
            return;
        }
        if (!finding.deferredUntil) return;
        const auto subject = subjectOf(status.stack, finding.drift);
        if (const auto until = context_.mutedUntil ? context_.mutedUntil(subject) : std::nullopt) {
            if (*until == *finding.deferredUntil) return;
            muted_.push_back(finding);
            muted_.back().deferredUntil = until;
            return;
        }
        One one{&finding, std::move(keys), {}};
        for (const auto& route : routesOrNone(context_, subject)) one.routes.push_back(route.key);
        ones_.push_back(std::move(one));
    }

    // Explains by this cause, route by route, what no better one explains: where enough stacks
    // share it, or an incident of it is open.
    void share(std::string_view cause) {
        std::map<Group, std::set<std::string>> stacks;
        const auto each = [&](const auto& what) {
            for (auto& one : ones_)
                if (const auto key = std::ranges::find(one.keys, cause, &CauseKey::cause);
                    key != one.keys.end())
                    for (const auto& route : one.routes)
                        if (!one.shared.contains(route)) what(one, Group(route, *key));
        };
        each([&](const One& one, const Group& group) {
            stacks[group].insert(one.finding->stackId);
        });
        for (const auto& [group, members] : stacks)
            if (members.size() >= stacksThatShare) enough_.insert(group);
        each([&](One& one, const Group& group) {
            if (enough_.contains(group) || updates_.isOpen(group.first, group.second))
                one.shared.insert(group);
        });
    }

    // Its time is up; or every stack was looked at since it showed, and nothing is about to join
    // it.
    [[nodiscard]] bool isOver(const One& one) const {
        if (*one.finding->deferredUntil <= context_.now) return true;
        const bool mayCome = std::ranges::any_of(
            one.keys, [&](const CauseKey& key) { return coming_.contains(key); });
        return !mayCome && context_.allCheckedSince &&
               context_.allCheckedSince(one.finding->firstSeen);
    }

    const AlertContext& context_;
    IncidentUpdates& updates_;
    std::vector<One> ones_;
    std::vector<Finding> muted_;
    std::set<CauseKey> coming_;
    std::set<Group> enough_;
};

}  // namespace

Decision alertDrifts(const Memory& memory, const Reconciled& reconciled, const StackStatus& status,
                     const AlertContext& context) {
    Decision decision;
    IncidentUpdates updates(memory, {status}, context);
    for (const auto& item : reconciled.items) {
        auto& finding = decision.findings.emplace_back(item.finding);
        switch (item.step) {
            case Step::Opened:
                finding.deferredUntil = waitOf(finding, status, context);
                if (!finding.deferredUntil) updates.open(finding);
                break;
            case Step::Changed:
            case Step::Updated:
                updates.follow(finding);
                break;
            case Step::Closed:
                updates.close(finding);
                break;
            case Step::Waiting:
            case Step::Dropped:
                break;
        }
    }
    updates.decide(decision);
    return decision;
}

Decision alertWaiting(const Memory& memory, const AlertContext& context) {
    Decision decision;
    const auto stacks = memory.others();
    IncidentUpdates updates(memory, stacks, context);
    Waiting(memory, stacks, context, updates).place(decision);
    updates.decide(decision);
    return decision;
}

}  // namespace driftkeeper
