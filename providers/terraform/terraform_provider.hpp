#pragma once

#include <memory>

#include "parsers/json/value_tags.hpp"
#include "providers/look/provider.hpp"
#include "providers/process/tool_runner.hpp"

namespace driftkeeper {

// Looks at stacks with `terraform` 0.15.3 or newer (or another program of the same words): init when needed, plan,
// show. `runner` and `tags` outlive the provider.
std::unique_ptr<Provider> makeTerraformProvider(ToolRunner& runner, const ValueTags& tags);

// The same with `tofu` 1.6.0 or newer.
std::unique_ptr<Provider> makeOpenTofuProvider(ToolRunner& runner, const ValueTags& tags);

}  // namespace driftkeeper
