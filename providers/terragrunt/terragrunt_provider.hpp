#pragma once

#include <memory>

#include "providers/look/provider_kind.hpp"

namespace driftkeeper {

// Looks at Terragrunt's units with `terragrunt` 1.x, one at a time: `run -- plan` and what a plan
// leaves. Option:
//   tf_program  terraform or tofu, by name or path (default: what terragrunt chooses); `programs`
//   are more of these,
//               chosen among by .terraform-version, .opentofu-version and required_version
// `runner` and `tags` outlive the provider.
std::unique_ptr<Provider> makeTerragruntProvider(ToolRunner& runner, const ValueTags& tags);

extern const ProviderKind terragruntKind;

}  // namespace driftkeeper
