#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "parsers/graph/resource_graph.hpp"
#include "parsers/terraform/configuration.hpp"

namespace driftkeeper::terraform {

// The configurations of a stack by module path: "" = root, "module.a.module.b".
using Modules = std::map<std::string, Configuration>;

// What a stack's own state is called by others, and what its expressions cannot say themselves.
struct StatePlace {
    std::optional<std::string> key;  // of its own state (backend.hpp); nullopt: not known
    std::string workspace;           // empty: the default one
    std::string directory;           // of the root module, absolute
    // Where a program gives the root module its variables: name -> traversals, among them
    // dependency.NAME.outputs.…
    std::map<std::string, std::vector<std::string>> arguments{};
    std::map<std::string, std::string> dependencies{};  // NAME -> key of that state
};

// Ties a stack to the states of others, by the expressions of its modules: through locals,
// arguments of module calls and outputs of modules, at most 16 steps far.
//   offers  tfstate:OWN        the stack as a whole
//           tfstate:OWN#NAME   each resource that the root's output NAME refers to
//   needs   tfstate:THEIRS#NAME  each resource that refers to
//   data.terraform_remote_state.X.outputs.NAME, or by a
//                                variable of the root to dependency.X.outputs.NAME
// Ends whose state is not known are left out. Resources are those of the graph, whatever their
// instance keys.
void addStateTies(ResourceGraph& graph, const Modules& modules, const StatePlace& place);

}  // namespace driftkeeper::terraform
