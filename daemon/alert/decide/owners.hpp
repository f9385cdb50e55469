#pragma once

#include "daemon/model/stack.hpp"
#include "parsers/codeowners/codeowners.hpp"

namespace driftkeeper {

// Replaces what CODEOWNERS said of the stack before; the settings' owner stays. A stack is owned by
// whom CODEOWNERS names for a Terraform file in its folder that no rule names: `*`, `*.tf` and the
// rules of its folders count, one for `main.tf` does not. Other rules may own single files of it.
void addOwners(Stack& stack, const Codeowners& codeowners);

}  // namespace driftkeeper
