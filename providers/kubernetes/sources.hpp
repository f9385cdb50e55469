#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "providers/kubernetes/kubectl.hpp"
#include "providers/look/provider.hpp"
#include "providers/look/timed_runner.hpp"

// What Git asks for, as manifests: read, built by kustomize, or rendered by helm.
namespace driftkeeper::kubernetes {

struct Manifest {
    std::string text;    // one YAML or JSON document
    std::string origin;  // for people: the file, or what rendered it
};

struct Sources {
    std::vector<Manifest> manifests;
    std::string ofNamespace;  // for objects that name none; empty: the context's
    bool isChart = false;
};

// The manifests of the stack's folder. Fails with broken_configuration, remote_base (what kustomize
// would fetch), nothing_to_check, and what ends a look.
Outcome<Sources> readSources(const Workspace& workspace, const Session& session,
                             TimedRunner& runner, const std::vector<std::string>& secrets);

// Another rendering of a chart, as readSources made the first one.
Outcome<std::vector<Manifest>> renderAgain(const Workspace& workspace, const Session& session,
                                           TimedRunner& runner,
                                           const std::vector<std::string>& secrets);

// `helm template` of a chart: no hooks, no tests, with CRDs. Options `helm`, `release`, `values`.
ToolCall templateCall(const Workspace& workspace, const Session& session);

}  // namespace driftkeeper::kubernetes
