#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "parsers/gitops/divergences.hpp"

// What a status says about revisions: does the cluster have what the source has, and the source
// what Git has?
namespace driftkeeper::flux {

// A Kustomization: what its source holds (`artifact`: status.artifact.revision; empty: not known)
// and what was attempted against what was applied.
std::vector<gitops::Divergence> unappliedRevision(const Json& kustomization,
                                                  std::string_view artifact);

// A HelmRelease: chart version and values that were attempted against those of the release that is
// deployed, and what helm-controller (1.6+) found changed behind it.
std::vector<gitops::Divergence> releaseDivergences(const Json& helmRelease);

// False when nobody compares the release with the cluster: spec.driftDetection.mode is not enabled
// or warn, or the controller is too old to say what it found.
bool detectsDrift(const Json& helmRelease);

// A GitRepository that follows `branch`: its artifact against `commit`.
std::vector<gitops::Divergence> unfetchedCommit(const Json& gitRepository, std::string_view branch,
                                                std::string_view commit);

}  // namespace driftkeeper::flux
