#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "parsers/cloudformation/comparison.hpp"
#include "parsers/graph/drift.hpp"
#include "parsers/json/value_tags.hpp"

namespace driftkeeper::cloudformation {

// Which side a property moved on, or why it does not count.
enum class LeafVerdict {
    Live,
    Git,
    Conflict,
    Converged,
    Cosmetic,
    Defaulted,
    Injected,
    Autoscaled
};

struct Leaf {
    LeafVerdict verdict = LeafVerdict::Live;
    AttributeDrift drift;  // safe to show
};

// What a resource's leaves are judged with.
struct LeafRules {
    std::string_view type;      // AWS::EC2::SecurityGroup
    bool isScaled = false;      // a scalable target of the stack names the resource
    std::vector<Json> masks{};  // secretMask of everything that is compared
};

// Every property on which the sides are not all equal, in order of their paths.
std::vector<Leaf> leavesOf(const Sides& sides, const LeafRules& rules, const ValueTags& tags);

}  // namespace driftkeeper::cloudformation
