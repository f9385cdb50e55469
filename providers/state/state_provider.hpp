#pragma once

#include <memory>

#include "providers/look/provider_kind.hpp"

namespace driftkeeper {

// Reads the state of a stack into the graph and compares it with nothing: what is there, under
// which names, and what depends on it, for stacks that nobody plans. Its reports are partial with
// the reason `not_compared`, so that they are never in_sync, or failed. Options:
//   file  a state file, from the stack's folder or absolute
//   pull  true: init and `state pull` of the stack's folder instead
//   tool  terraform (default) or opentofu: who pulls
// `runner` and `tags` outlive the provider.
std::unique_ptr<Provider> makeStateProvider(ToolRunner& runner, const ValueTags& tags);

extern const ProviderKind stateKind;

}  // namespace driftkeeper
