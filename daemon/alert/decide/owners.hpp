#pragma once

#include <string_view>

#include "daemon/model/stack.hpp"
#include "parsers/codeowners/codeowners.hpp"

namespace driftkeeper {

// Replaces what CODEOWNERS said of the stack before; the settings' owner stays. A stack is owned by
// whom CODEOWNERS names for a file of its kind in its folder that no rule names: `*`, `*.tf` and
// the rules of its folders count, one for `main.tf` does not. Other rules may own single files of
// it. `files`: what files of the kind are called (ProviderKind::ownFiles); the first for
// which there is a rule of its own counts. `ownFile`: the one file that the stack is, from its
// folder (ProviderKind::ownFileKeys): its owners are the stack's; empty: it is a folder.
void addOwners(Stack& stack, const Codeowners& codeowners, std::string_view files = ".tf",
               const std::string& ownFile = {});

}  // namespace driftkeeper
