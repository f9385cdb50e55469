#include "daemon/watch/ownership_watch.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

#include "daemon/alert/decide/ownership.hpp"
#include "daemon/base/log.hpp"

namespace driftkeeper {
namespace {

constexpr Seconds lookEvery{3};
constexpr std::size_t mostIncidents = 100'000;  // all there are

}  // namespace

void OwnershipWatch::look(const Clock& clock) {
    if (!next_.isOver(clock)) return;
    next_ = Deadline(clock, lookEvery);
    const auto claims = store_.estate.claims(known_);
    if (!claims) {
        log::error(log::event::stateTrouble, "claims cannot be read",
                   {{"code", claims.error().code}, {"reason", claims.error().message}});
        return;
    }
    if (!*claims) return;
    auto ownerships = dualOwnerships(**claims);
    std::map<std::string, TimePoint> shared;
    for (const auto& claim : (*claims)->sharedStates) {
        const auto known = sharedSince_.find(claim.identity);
        shared.emplace(claim.identity, known == sharedSince_.end() ? clock.now() : known->second);
    }
    sharedSince_ = std::move(shared);
    std::ranges::move(sharedStates(**claims, sharedSince_), std::back_inserter(ownerships));
    confirm(ownerships);
    const bool isSettled = std::ranges::all_of(ownerships, &DualOwnership::confirmed);
    // A look that confirms a claim changes no claim: what is open is read again until nothing is.
    known_ = report(ownerships) && isSettled ? (*claims)->version : -1;
}

void OwnershipWatch::confirm(const std::vector<DualOwnership>& ownerships) {
    for (const auto& [stackId, since] : stacksToConfirm(ownerships)) {
        auto& asked = asked_[stackId];
        if (asked >= since) continue;
        asked = since;
        scheduler_.request(stackId);
    }
}

bool OwnershipWatch::report(const std::vector<DualOwnership>& ownerships) {
    const auto open = store_.incidents.list(true, mostIncidents);
    if (!open) return false;
    auto news = ownershipNews(ownerships, *open);
    bool all = true;
    for (const auto& trouble : news.closed) all = alerter_.close(trouble, "one_owner") && all;
    for (auto& [trouble, stackIds] : news.opened) {
        for (const auto& id : stackIds)
            if (auto status = store_.stacks.status(id); status && *status)
                trouble.stacks.push_back(**std::move(status));
        all = alerter_.open(trouble) && all;
    }
    return all;
}

}  // namespace driftkeeper
