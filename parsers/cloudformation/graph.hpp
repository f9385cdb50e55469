#pragma once

#include "parsers/cloudformation/stack_sides.hpp"
#include "parsers/graph/resource_graph.hpp"

namespace driftkeeper::cloudformation {

// Adds the resources of one deployed stack, what each uses by Ref, Fn::GetAtt, Fn::Sub and
// DependsOn, the exports that others can use (cfn-export:REGION:NAME, at the resource that the
// output names) and the imports that it uses. A nested stack uses all that is in it: `prefix`
// without its slash is its own address, added before.
void addToGraph(ResourceGraph& graph, const StackSides& sides);

}  // namespace driftkeeper::cloudformation
