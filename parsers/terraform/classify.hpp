#pragma once

#include <vector>

#include "parsers/graph/drift.hpp"
#include "parsers/graph/resource_graph.hpp"
#include "parsers/terraform/plan.hpp"
#include "parsers/terraform/plan_document.hpp"
#include "parsers/terraform/planned_configuration.hpp"

namespace driftkeeper::terraform {

// Every difference of a plan and its cause. Each attribute leaf is judged on its own, from what the
// state said before (resource_drift.before), what is live (resource_drift.after =
// resource_changes.before) and what Git wants (resource_changes.after); a resource is what its
// leaves add up to: at most one real drift, and beside it one for each cause of noise, which holds
// the noisy attributes alone. Sorted by address, real before noise, noise by cause. `values`: what
// the look read; what Git asks for otherwise is added. Fails with `invalid_plan` (Report).
Result<std::vector<Drift>> classify(const PlanDocument& plan, PlannedConfiguration& configuration,
                                    const ResourceGraph& graph, const PlanContext& context,
                                    const ValueTags& tags, RememberedValues& values);

}  // namespace driftkeeper::terraform
