#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "parsers/gitops/custom_resource.hpp"
#include "parsers/graph/drift.hpp"
#include "parsers/graph/resource_graph.hpp"

namespace driftkeeper::gitops {

// One way in which an object is not as Git wants it.
struct Divergence {
    Side side = Side::Git;  // Live or Git
    Change change = Change::Modified;
    std::vector<AttributeDrift> attributes{};
    std::string note{};
    std::string changedBy{};
};

// All that was seen, gathered by object: one drift each. What was seen of an object first says what
// happened on a side; an object that moved on both sides is a conflict.
class Divergences {
public:
    void add(const ObjectName& object, const std::string& address, Divergence divergence);
    void add(const ObjectName& object, Divergence divergence) {
        add(object, object.address(), std::move(divergence));
    }

    // What a reconciler was asked to leave alone: noise.
    void addLeft(const ObjectName& object, Divergence divergence);

    [[nodiscard]] bool contains(const std::string& address) const {
        return drifts_.contains(address);
    }

    // Sorted by address, noise behind the rest; with the number of dependents in `graph`.
    [[nodiscard]] std::vector<Drift> drifts(const ResourceGraph& graph) const;

private:
    std::map<std::string, Drift> drifts_;
    std::map<std::string, Drift> left_;
};

}  // namespace driftkeeper::gitops
