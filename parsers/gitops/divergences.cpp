#include "parsers/gitops/divergences.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

#include "parsers/graph/cause.hpp"

namespace driftkeeper::gitops {
namespace {

void become(Drift& drift, Side side, Change change) {
    drift.side = side;
    drift.change = change;
    drift.cause = side == Side::Git ? cause::unappliedCommit : cause::outOfBand;
}

void merge(Drift& drift, Side side, Change change) {
    if (drift.side == Side::Both || drift.side == side) return;
    drift.liveChange = side == Side::Live ? change : drift.change;
    drift.gitChange = side == Side::Git ? change : drift.change;
    drift.side = Side::Both;
    drift.change = *drift.liveChange;
    drift.cause = cause::conflict;
}

void nameBy(Drift& drift, const ObjectName& object, const std::string& address) {
    drift.address = address;
    drift.type = object.type();
    drift.id = object.space.empty() ? object.name : object.space + "/" + object.name;
}

void join(std::string& all, const std::string& more) {
    if (more.empty() || all.find(more) != std::string::npos) return;
    all += all.empty() ? more : "; " + more;
}

}  // namespace

void Divergences::add(const ObjectName& object, const std::string& address, Divergence divergence) {
    const auto [at, isNew] = drifts_.try_emplace(address);
    Drift& drift = at->second;
    if (isNew) {
        nameBy(drift, object, address);
        become(drift, divergence.side, divergence.change);
    } else {
        merge(drift, divergence.side, divergence.change);
    }
    std::ranges::move(divergence.attributes, std::back_inserter(drift.attributes));
    join(drift.note, divergence.note);
    join(drift.changedBy, divergence.changedBy);
}

void Divergences::addLeft(const ObjectName& object, Divergence divergence) {
    const std::string address = object.address();
    Drift& drift = left_[address];
    nameBy(drift, object, address);
    drift.side = divergence.side;
    drift.change = divergence.change;
    drift.cause = cause::leftToOthers;
    std::ranges::move(divergence.attributes, std::back_inserter(drift.attributes));
}

std::vector<Drift> Divergences::drifts(const ResourceGraph& graph) const {
    std::vector<Drift> all;
    for (const auto* some : {&drifts_, &left_})
        for (const auto& [address, drift] : *some) {
            all.push_back(drift);
            all.back().dependents = graph.countDependents(address);
        }
    std::ranges::stable_sort(all, {}, &Drift::address);
    return all;
}

}  // namespace driftkeeper::gitops
