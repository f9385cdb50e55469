#pragma once

#include <chrono>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "parsers/graph/report.hpp"
#include "parsers/json/json.hpp"
#include "parsers/json/value_tags.hpp"

namespace driftkeeper::argocd {

// All that a look at a stack of Argo CD knows.
struct ArgoLook {
    std::vector<Json> declared;                  // what Git holds
    std::vector<Json> live;                      // what was listed, with managedFields
    std::set<std::string> kinds{"Application"};  // that were asked for
    std::map<std::string, Reason> notListed{};   // kind -> why its objects could not be listed
    std::optional<Reason> notRead{};             // why a part of what Git holds could not be read
    bool all = false;                         // judge every Application, not only what Git leads to
    std::string defaultNamespace = "argocd";  // of what is declared without one
    std::string cluster{};                    // URL of Argo CD's own API server; empty: not known
    std::chrono::seconds timeout{180};        // timeout.reconciliation with its jitter
    std::chrono::sys_seconds now{};
    const Evidence* lastClean = nullptr;  // of the last look that found everything in sync
};

// Drifts of resources by Argo CD's word, of Applications, AppProjects and ApplicationSets by
// comparing them with Git; reconcilers, graph, evidence. Judged are Applications that Git declares,
// and those that a declared ApplicationSet owns. A resource that is OutOfSync at the revision that
// was synced last, or that was in sync at the last clean look, moved live; at any other it waits to
// be synced. Partial when an Application could not be judged. Messages leave as summaries.
Report readArgo(const ArgoLook& look, const ValueTags& tags);

}  // namespace driftkeeper::argocd
