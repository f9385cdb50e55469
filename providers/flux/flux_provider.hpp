#pragma once

#include <memory>

#include "providers/look/provider_kind.hpp"

namespace driftkeeper {

// Flux 2 by kubectl: what its objects say of themselves, against the manifests of a folder. Both
// must outlive the provider.
std::unique_ptr<Provider> makeFluxProvider(ToolRunner& runner, const ValueTags& tags);

extern const ProviderKind fluxKind;

}  // namespace driftkeeper
