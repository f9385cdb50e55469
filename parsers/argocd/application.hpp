#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include "parsers/gitops/custom_resource.hpp"
#include "parsers/graph/report.hpp"
#include "parsers/json/json.hpp"

// What one Application says of itself.
namespace driftkeeper::argocd {

struct ArgoResource {
    gitops::ObjectName name;
    std::string address;  // with "@DESTINATION" where that is another cluster than Argo CD's own
    bool outOfSync = false;
    bool missing = false;          // health Missing: not in the cluster
    bool requiresPruning = false;  // in the cluster and not in Git
};

enum class Sync { Synced, OutOfSync, Unknown };

struct Application {
    gitops::ObjectName name;
    Sync sync = Sync::Unknown;  // Unknown also for a comparison that failed
    std::string health;
    std::string revision;    // that was compared; several sources: joined by a blank
    std::string synced;      // that was synced last; empty: never
    bool sameSource = true;  // spec.source is what was synced last
    std::string
        source;  // canonical text of revision and source: what Git asked for at this comparison
    std::string destination;                // URL or name of another cluster; empty: Argo CD's own
    std::vector<ArgoResource> resources{};  // without hooks and what Argo CD ignores
    std::vector<ReconcilerTrouble> troubles{};
    std::vector<Diagnostic> diagnostics{};
    std::optional<Reason> unreadable{};  // why its resources cannot be judged
};

// `now`: the time of the look; `timeout`: timeout.reconciliation with its jitter. A comparison
// older than twice that is stale, and what it found is not believed.
Application applicationOf(const Json& object, std::chrono::sys_seconds now,
                          std::chrono::seconds timeout);

}  // namespace driftkeeper::argocd
