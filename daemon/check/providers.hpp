#pragma once

#include <map>
#include <memory>
#include <string>

#include "providers/look/provider.hpp"
#include "providers/process/tool_runner.hpp"

namespace driftkeeper {

// The providers by the name that settings and stacks use.
using Providers = std::map<std::string, std::unique_ptr<Provider>>;

// All that there are: a list that one can read. `runner` and `tags` outlive them.
Providers makeProviders(ToolRunner& runner, const ValueTags& tags);

}  // namespace driftkeeper
