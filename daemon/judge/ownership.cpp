#include "daemon/judge/ownership.hpp"

#include <algorithm>
#include <utility>

#include "parsers/graph/identity.hpp"

namespace driftkeeper {
namespace {

using States = std::map<std::string, std::set<std::string>>;

bool shareState(const Claim& one, const Claim& other, const States& states) {
    const auto mine = states.find(one.stackId);
    const auto theirs = states.find(other.stackId);
    if (mine == states.end() || theirs == states.end()) return false;
    return std::ranges::any_of(
        mine->second, [&](const std::string& key) { return theirs->second.contains(key); });
}

bool watchOneSource(const Claim& one, const Claim& other) {
    return one.identity.starts_with("k8s:") && one.repository == other.repository &&
           one.provider != other.provider;
}

bool contend(const Claim& one, const Claim& other, const States& states) {
    return one.stackId != other.stackId && canBeSameThing(one.type, other.type) &&
           !watchOneSource(one, other) && !shareState(one, other, states);
}

TimePoint lastClaim(const std::vector<Claim>& owners) {
    return std::ranges::max(owners, {}, &Claim::since).since;
}

// The claims of one identity that contend with another one, the first of each stack.
std::vector<Claim> ownersAmong(std::vector<Claim> claims, const States& states) {
    std::vector<Claim> owners;
    for (const auto& claim : claims) {
        const bool isContended = std::ranges::any_of(
            claims, [&](const Claim& other) { return contend(claim, other, states); });
        const bool isThere =
            std::ranges::find(owners, claim.stackId, &Claim::stackId) != owners.end();
        if (isContended && !isThere) owners.push_back(claim);
    }
    return owners;
}

}  // namespace

std::vector<DualOwnership> dualOwnerships(const Claims& all) {
    std::vector<DualOwnership> result;
    for (auto first = all.claims.begin(); first != all.claims.end();) {
        const auto last = std::find_if(first, all.claims.end(), [&](const Claim& claim) {
            return claim.identity != first->identity;
        });
        if (isWorldwide(first->identity)) {
            DualOwnership one{first->identity, ownersAmong({first, last}, all.states)};
            if (!one.owners.empty()) {
                const auto since = lastClaim(one.owners);
                one.confirmed = std::ranges::all_of(
                    one.owners, [&](const Claim& owner) { return owner.looked >= since; });
                result.push_back(std::move(one));
            }
        }
        first = last;
    }
    return result;
}

std::vector<DualOwnership> sharedStates(const Claims& claims,
                                        const std::map<std::string, TimePoint>& since) {
    std::vector<DualOwnership> result;
    for (Claim claim : claims.sharedStates) {
        const auto seen = since.find(claim.identity);
        if (seen == since.end()) continue;
        claim.since = seen->second;
        if (result.empty() || result.back().identity != claim.identity)
            result.push_back({claim.identity, {}, true});
        result.back().confirmed = result.back().confirmed && claim.looked >= claim.since;
        result.back().owners.push_back(std::move(claim));
    }
    return result;
}

bool isSharedState(const DualOwnership& one) noexcept {
    return one.identity.starts_with("tfstate:");
}

std::map<std::string, TimePoint> stacksToConfirm(const std::vector<DualOwnership>& ownerships) {
    std::map<std::string, TimePoint> stacks;
    for (const auto& one : ownerships) {
        const auto since = lastClaim(one.owners);
        for (const auto& owner : one.owners)
            if (owner.looked < since)
                stacks[owner.stackId] = std::max(stacks[owner.stackId], since);
    }
    return stacks;
}

}  // namespace driftkeeper
