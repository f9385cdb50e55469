#pragma once

#include <memory>

#include "providers/look/provider_kind.hpp"

namespace driftkeeper {

// Looks at manifests, kustomizations and Helm charts with kubectl 1.26 or newer (and helm): what
// Git asks for against what is live, by a dry run of the server. Nothing is ever written. `runner`
// and `tags` outlive the provider.
std::unique_ptr<Provider> makeKubernetesProvider(ToolRunner& runner, const ValueTags& tags);

extern const ProviderKind kubernetesKind;

}  // namespace driftkeeper
