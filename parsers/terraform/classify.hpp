#pragma once

#include <vector>

#include "parsers/graph/drift.hpp"
#include "parsers/graph/resource_graph.hpp"
#include "parsers/terraform/plan.hpp"
#include "parsers/terraform/plan_document.hpp"
#include "parsers/terraform/planned_configuration.hpp"

namespace driftkeeper::terraform {

struct Classified {
    std::vector<Drift> drifts;  // sorted by address
    std::vector<NotTold> notTold;  // sorted by address
};

// Which side moved, for every entry of a plan. Each attribute leaf is judged on its own, from what the state said before
// (resource_drift.before), what is live (resource_drift.after = resource_changes.before) and what Git wants
// (resource_changes.after); a resource is what its leaves add up to. Fails with `invalid_plan` (Report).
Result<Classified> classify(const PlanDocument& plan, PlannedConfiguration& configuration, const ResourceGraph& graph,
                            const PlanContext& context, const ValueTags& tags);

}  // namespace driftkeeper::terraform
