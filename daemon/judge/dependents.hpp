#pragma once

#include <cstddef>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "daemon/model/estate.hpp"
#include "parsers/graph/report.hpp"

namespace driftkeeper {

// Somebody in another stack who uses an address of this one.
struct ForeignUser {
    std::string stackId;
    std::string stack;    // full name
    std::string address;  // there; empty: the stack as a whole
    bool operator==(const ForeignUser&) const = default;
};

// One stack as a walk over the estate meets it.
struct Surroundings {
    const ResourceGraph* graph;                     // the caller's
    std::multimap<std::string, ForeignUser> users;  // by address of this stack
};

// Walks from resources to everything that uses them, from stack to stack; cycles end. Pure but for
// `look`, which gives the surroundings of another stack (nullptr: not known), valid as long as the
// walk.
class DependentsWalk {
public:
    using Look = std::function<const Surroundings*(const std::string& stackId)>;
    DependentsWalk(std::string stackId, const Surroundings& home, Look look)
        : home_(std::move(stackId)), surroundings_(home), look_(std::move(look)) {}

    // Of one resource of the home stack. All walks of one object together visit at most
    // `mostVisits` resources; what comes later is not followed any more.
    Dependents from(const std::string& address);

private:
    static constexpr std::size_t mostVisits = 100'000;
    static constexpr std::size_t mostShown = 20;

    std::string home_;
    const Surroundings& surroundings_;
    Look look_;
    std::size_t visits_ = 0;
};

// Keys by which others may name what a stack has: its offers and the identities of its resources,
// by key.
std::multimap<std::string, std::string> offeredKeys(const ResourceGraph& graph);

// The drifts say what depends on them; those that nothing in another stack depends on stay as they
// are.
void addDependents(std::vector<Drift>& drifts, const std::map<std::string, Dependents>& dependents);

}  // namespace driftkeeper
