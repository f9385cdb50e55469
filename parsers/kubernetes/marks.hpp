#pragma once

#include <vector>

#include "parsers/kubernetes/field_path.hpp"
#include "parsers/kubernetes/object.hpp"

namespace driftkeeper::kubernetes {

// True for a label or annotation by which a deployer (Helm, Flux, Argo CD, kapp, Config Sync,
// Fleet, Skaffold) marks what it applies: no manifest has it. Not for what tells a deployer what to
// do, such as kustomize.toolkit.fluxcd.io/reconcile, and not where a person wrote it. A key that
// others use as well, or that Git asks for, is a mark only where its deployer owns it.
bool isDeployersMark(const Path& path, const Object& live, const Json& asked);

}  // namespace driftkeeper::kubernetes
