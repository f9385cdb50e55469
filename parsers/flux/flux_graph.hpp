#pragma once

#include <string_view>
#include <vector>

#include "parsers/gitops/custom_resource.hpp"
#include "parsers/graph/resource_graph.hpp"

namespace driftkeeper::flux {

// The objects of Flux, and what Kustomizations and HelmReleases say they have applied
// (status.inventory). An object depends on what applies it, that on its source and on what
// spec.dependsOn names. `cluster`: as in kubernetesIdentity.
ResourceGraph graphOf(const std::vector<const Json*>& objects, std::string_view cluster);

}  // namespace driftkeeper::flux
