#pragma once

#include <algorithm>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "parsers/json/json.hpp"
#include "parsers/terraform/leaf.hpp"
#include "parsers/terraform/plan_document.hpp"
#include "parsers/terraform/planned_configuration.hpp"

namespace driftkeeper::terraform {

// The values of one entry; leaves point into them.
struct Values {
    Json before, after, unknown;
};

// One object of the plan: what drifted, what Git changes, and what its leaves say. At least one of
// the entries is there.
struct PlannedObject {
    const PlanEntry* drift = nullptr;
    const PlanEntry* change = nullptr;
    Values drifted;
    Values planned;
    Json expressions;
    std::vector<Leaf> leaves;
    Json replacePaths;              // of the change; null: not said
    bool sensitivityMoved = false;  // what is secret is not the same before and after

    [[nodiscard]] const PlanEntry& entry() const noexcept {
        return change != nullptr ? *change : *drift;
    }
    [[nodiscard]] PlanAction action() const noexcept {
        return change == nullptr ? PlanAction::NoOp : change->action;
    }
    [[nodiscard]] bool has(LeafVerdict verdict) const noexcept {
        return std::ranges::any_of(leaves,
                                   [&](const Leaf& leaf) { return leaf.verdict == verdict; });
    }
    [[nodiscard]] std::vector<Leaf> leavesOf(LeafVerdict verdict) const {
        std::vector<Leaf> found;
        std::ranges::copy_if(leaves, std::back_inserter(found),
                             [&](const Leaf& leaf) { return leaf.verdict == verdict; });
        return found;
    }
    [[nodiscard]] bool isReplaced() const noexcept {
        return action() == PlanAction::Replace && change->destroys;
    }
};

// Reads the values of objects and judges their leaves. Its arguments must outlive it; one thread.
class ObjectReader {
public:
    using Ignored =
        std::map<std::string, std::vector<std::string>>;  // as PlanContext::ignoreChanges

    ObjectReader(const PlannedConfiguration& configuration, const Ignored& ignored,
                 std::string_view place)
        : configuration_(configuration), ignored_(ignored), place_(place) {}

    // Fills everything but the entries; false when a value is no valid JSON.
    bool fill(PlannedObject& object);

    [[nodiscard]] LeafRules rulesOf(const PlannedObject& object) const;

private:
    bool read(std::string_view text, Json& value);
    bool read(const PlanEntry* entry, Values& values, Sensitivity& sensitivity, bool& moved);

    const PlannedConfiguration& configuration_;
    const Ignored& ignored_;
    const std::string_view place_;  // as PlanContext::place
};

}  // namespace driftkeeper::terraform
