#include "daemon/judge/dependents.hpp"

#include <algorithm>
#include <deque>
#include <set>
#include <utility>

namespace driftkeeper {
namespace {

struct Place {
    std::string stackId;
    std::string stack;  // full name; empty: the home stack
    std::string address;
};

}  // namespace

Dependents DependentsWalk::from(const std::string& address) {
    Dependents found;
    std::set<std::pair<std::string, std::string>> seen = {{home_, address}};
    std::set<std::string> things;  // one thing that two stacks know of counts once
    std::deque<Place> open = {{home_, "", address}};
    const auto meet = [&](Place place, const Surroundings* there) {
        if (!seen.emplace(place.stackId, place.address).second) return;
        const auto* resource = there == nullptr ? nullptr : there->graph->find(place.address);
        if (resource != nullptr && !resource->identity.empty() &&
            !things.insert(resource->identity).second)
            return;
        ++found.count;
        if (place.stackId != home_ && found.elsewhere.size() < mostShown)
            found.elsewhere.push_back({place.stack, place.address});
        open.push_back(std::move(place));
    };
    for (; !open.empty() && visits_ < mostVisits; open.pop_front(), ++visits_) {
        const Place at = open.front();
        const bool isHome = at.stackId == home_;
        const Surroundings* here = isHome ? &surroundings_ : look_(at.stackId);
        if (here == nullptr) continue;
        for (auto& user : here->graph->dependentsOf(at.address))
            meet({at.stackId, at.stack, std::move(user)}, here);
        const auto [first, last] = here->users.equal_range(at.address);
        for (auto it = first; it != last; ++it) {
            const auto& user = it->second;
            meet({user.stackId, user.stack, user.address},
                 user.stackId == home_ ? &surroundings_ : look_(user.stackId));
        }
    }
    return found;
}

std::multimap<std::string, std::string> offeredKeys(const ResourceGraph& graph) {
    std::multimap<std::string, std::string> keys;
    for (const auto& offer : graph.offers())
        if (!offer.address.empty()) keys.emplace(offer.key, offer.address);
    for (const auto& resource : graph.resources())
        if (!resource.identity.empty()) keys.emplace(resource.identity, resource.address);
    return keys;
}

void addDependents(std::vector<Drift>& drifts,
                   const std::map<std::string, Dependents>& dependents) {
    for (auto& drift : drifts) {
        const auto it = dependents.find(drift.address);
        if (it == dependents.end()) continue;
        drift.dependents = std::max(drift.dependents, it->second.count);
        drift.dependentsElsewhere = it->second.elsewhere;
    }
}

}  // namespace driftkeeper
