#pragma once

#include <array>
#include <memory>

#include "parsers/json/value_tags.hpp"
#include "providers/look/option_spec.hpp"
#include "providers/look/provider.hpp"
#include "providers/process/tool_runner.hpp"

namespace driftkeeper {

// Reads the state of a stack into the graph and compares it with nothing: what is there, under which names, and what
// depends on it, for stacks that nobody plans. Its reports are partial with the reason `not_compared`, so that they are
// never in_sync, or failed. Options:
//   file  a state file, from the stack's folder or absolute
//   pull  true: init and `state pull` of the stack's folder instead
//   tool  terraform (default) or opentofu: who pulls
// `runner` and `tags` outlive the provider.
std::unique_ptr<Provider> makeStateProvider(ToolRunner& runner, const ValueTags& tags);

inline constexpr std::array stateOptions = {OptionSpec{"file"}, OptionSpec{"pull", OptionSpec::Kind::Flag},
                                            OptionSpec{"tool", OptionSpec::Kind::Word, "terraform opentofu"}};

}  // namespace driftkeeper
