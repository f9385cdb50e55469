#pragma once

#include <map>
#include <string>
#include <vector>

#include "parsers/cloudformation/git_since.hpp"
#include "parsers/cloudformation/stack_sides.hpp"
#include "parsers/graph/drift.hpp"
#include "parsers/json/value_tags.hpp"

namespace driftkeeper::cloudformation {

// Every difference of one stack and its cause. Each property is judged on its own, from what was
// last deployed, what is live and what Git asks for; a resource is what its properties add up to:
// at most one real drift, and beside it one for each cause of noise, which holds the noisy
// properties alone. `since`: where Git is not what it was at the last look that was in sync, what
// was deployed instead is no other code of somebody else. Sorted by address, real before
// noise. Values of NoEcho parameters, dynamic references and whatever looks secret are tags.
std::vector<Drift> classify(const StackSides& sides, const GitSince& since, const ValueTags& tags);

// All resources that Git wants and nobody has: the stack is not there. `wasThere`: a look before
// saw it.
std::vector<Drift> classifyMissing(const Template& git,
                                   const std::map<std::string, std::string>& gitParameters,
                                   bool wasThere);

}  // namespace driftkeeper::cloudformation
