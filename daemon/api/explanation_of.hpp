#pragma once

#include "daemon/api/world.hpp"
#include "daemon/wording/explanation.hpp"

namespace driftkeeper {

// Why the stack is told to be what it is, by the rules in force now. Who touched it last is left
// out: that asks Git.
Result<Explanation> explanationOf(const ApiWorld& world, StackStatus status);

}  // namespace driftkeeper
