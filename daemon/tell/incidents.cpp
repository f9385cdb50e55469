#include "daemon/tell/incidents.hpp"

#include <algorithm>
#include <set>
#include <string_view>
#include <utility>

#include "daemon/tell/telling.hpp"

namespace driftkeeper {
namespace {

constexpr std::size_t stacksThatShare = 3;  // below it a common cause may be chance

// Until when an opened finding waits before it is told; nullopt: it is told now.
std::optional<TimePoint> waitOf(const Finding& finding, const StackStatus& status, const TellContext& context) {
    const auto muted = context.mutedUntil ? context.mutedUntil(subjectOf(status.stack, finding.drift)) : std::nullopt;
    if (muted) return muted;
    const bool mayBeShared = context.groupWait > Seconds(0) && (finding.baseline || causeKey(finding, status));
    return mayBeShared ? std::optional(context.now + context.groupWait) : std::nullopt;
}

// The findings that wait, and which of them are told now.
class Waiting {
public:
    Waiting(const Memory& memory, const std::vector<StackStatus>& stacks, const TellContext& context, Telling& telling)
        : context_(context), telling_(telling) {
        std::map<std::string_view, const StackStatus*> byId;
        for (const auto& status : stacks) byId.emplace(status.stack.id, &status);
        for (const auto& finding : memory.findings)
            if (const auto it = byId.find(finding.stackId); it != byId.end()) consider(finding, *it->second);
    }

    void place(Decision& decision) {
        for (auto& one : ones_) {
            if (!isReady(one)) continue;
            Telling::Shares shares;
            for (const auto& route : one.routes)
                if (one.key && (isEnough(route, *one.key) || telling_.isOpen(route, *one.key)))
                    shares.emplace(route, *one.key);
            Finding finding = *one.finding;
            finding.waitsUntil.reset();
            telling_.open(finding, shares);
            decision.findings.push_back(std::move(finding));
        }
        for (auto& finding : muted_) decision.findings.push_back(std::move(finding));
    }

private:
    struct One {
        const Finding* finding;
        std::optional<CauseKey> key;
        std::vector<std::string> routes;
    };
    using Group = std::pair<std::string, CauseKey>;  // route and cause

    void consider(const Finding& finding, const StackStatus& status) {
        const auto key = finding.baseline ? std::nullopt : causeKey(finding, status);
        if (!finding.isTold()) {  // not confirmed yet: nobody is told, but its siblings had better wait for it
            if (key) coming_.insert(*key);
            return;
        }
        if (!finding.waitsUntil) return;
        const auto subject = subjectOf(status.stack, finding.drift);
        if (const auto until = context_.mutedUntil ? context_.mutedUntil(subject) : std::nullopt) {
            if (*until == *finding.waitsUntil) return;
            muted_.push_back(finding);
            muted_.back().waitsUntil = until;
            return;
        }
        One one{&finding, key, {}};
        for (const auto& route : routesOrNone(context_, subject)) {
            one.routes.push_back(route.key);
            if (!key) continue;
            groups_[{route.key, *key}].insert(finding.stackId);
            if (isOver(finding, key)) over_.insert({route.key, *key});
        }
        ones_.push_back(std::move(one));
    }

    // Its time is up; or every stack was looked at since it showed, and nothing is about to join it.
    [[nodiscard]] bool isOver(const Finding& finding, const std::optional<CauseKey>& key) const {
        if (*finding.waitsUntil <= context_.now) return true;
        const bool mayCome = key && coming_.contains(*key);
        return !mayCome && context_.allCheckedSince && context_.allCheckedSince(finding.firstSeen);
    }

    [[nodiscard]] bool isEnough(const std::string& route, const CauseKey& key) const {
        const auto it = groups_.find({route, key});
        return it != groups_.end() && it->second.size() >= stacksThatShare;
    }

    // What shares a cause is told together with the first of it.
    [[nodiscard]] bool isReady(const One& one) const {
        if (isOver(*one.finding, one.key)) return true;
        return one.key && std::ranges::any_of(one.routes, [&](const std::string& route) {
                   return isEnough(route, *one.key) && over_.contains({route, *one.key});
               });
    }

    const TellContext& context_;
    Telling& telling_;
    std::vector<One> ones_;
    std::vector<Finding> muted_;
    std::set<CauseKey> coming_;
    std::map<Group, std::set<std::string>> groups_;  // stack ids
    std::set<Group> over_;
};

}  // namespace

Decision tellDrifts(const Memory& memory, const Reconciled& reconciled, const StackStatus& status,
                    const TellContext& context) {
    Decision decision;
    Telling telling(memory, {status}, context);
    for (const auto& item : reconciled.items) {
        auto& finding = decision.findings.emplace_back(item.finding);
        switch (item.step) {
            case Step::Opened:
                finding.waitsUntil = waitOf(finding, status, context);
                if (!finding.waitsUntil) telling.open(finding);
                break;
            case Step::Changed:
            case Step::Updated:
                telling.follow(finding);
                break;
            case Step::Closed:
                telling.close(finding);
                break;
            case Step::Waiting:
            case Step::Dropped:
                break;
        }
    }
    telling.decide(decision);
    return decision;
}

Decision tellWaiting(const Memory& memory, const TellContext& context) {
    Decision decision;
    const auto stacks = memory.others();
    Telling telling(memory, stacks, context);
    Waiting(memory, stacks, context, telling).place(decision);
    telling.decide(decision);
    return decision;
}

}  // namespace driftkeeper
