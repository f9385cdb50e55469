#pragma once

#include <array>
#include <memory>

#include "parsers/json/value_tags.hpp"
#include "providers/look/option_spec.hpp"
#include "providers/look/provider.hpp"
#include "providers/process/tool_runner.hpp"

namespace driftkeeper {

// Looks at Terragrunt's units with `terragrunt` 1.x, one at a time: `run -- plan` and what a plan leaves. Option:
//   tf_program  terraform or tofu, by name or path (default: what terragrunt chooses); `programs` are more of these,
//               chosen among by .terraform-version, .opentofu-version and required_version
// `runner` and `tags` outlive the provider.
std::unique_ptr<Provider> makeTerragruntProvider(ToolRunner& runner, const ValueTags& tags);

inline constexpr std::array terragruntOptions = {OptionSpec{"tf_program"}};

}  // namespace driftkeeper
