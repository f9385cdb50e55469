#pragma once

#include <memory>

#include "providers/look/provider_kind.hpp"

namespace driftkeeper {

// Argo CD 2 and 3 by kubectl, or by curl where `server` is given: what Applications say of their
// resources, and the Applications against the manifests of a folder. Both must outlive the
// provider.
std::unique_ptr<Provider> makeArgoProvider(ToolRunner& runner, const ValueTags& tags);

extern const ProviderKind argoKind;

}  // namespace driftkeeper
