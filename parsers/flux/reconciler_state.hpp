#pragma once

#include <chrono>
#include <optional>
#include <vector>

#include "parsers/gitops/custom_resource.hpp"
#include "parsers/graph/report.hpp"

namespace driftkeeper::flux {

// Whether what an object's status says can be believed, and what is wrong with its reconciliation.
struct ReconcilerState {
    std::vector<ReconcilerTrouble> troubles{};
    std::optional<Reason> unreadable{};  // why its status does not answer the question
    bool suspended = false;              // frozen on purpose: its status is old and stays so
    bool failed = false;                 // it tried; the rest of its status says how far it came
};

// `now`: the time of the look. By Ready, Stalled, observedGeneration, lastHandledReconcileAt and
// the times in status.history (conventions of fluxcd/pkg/runtime and kustomize-controller 1.7+).
// What lasts longer than twice the interval, and ten minutes, is stale.
ReconcilerState stateOf(const Json& object, const gitops::ObjectName& name,
                        std::chrono::sys_seconds now);

}  // namespace driftkeeper::flux
