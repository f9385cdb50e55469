#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "parsers/source/source_file.hpp"
#include "parsers/terragrunt/unit.hpp"

namespace driftkeeper::terragrunt {

// *.hcl and *.hcl.json that terragrunt may read: not hidden ones.
bool isSourceFile(std::string_view path) noexcept;

// The folder and everything of the tree that its verdict depends on: files that its configuration
// reads, the module that it plans with the local modules of that, the units that it takes outputs
// of with all of theirs. Sorted.
std::vector<std::string> closureIn(const Tree& tree, std::string_view folder);
std::vector<std::string> closureOf(std::string_view folder, const std::vector<SourceFile>& files);

// All stacks of Terraform's family, by path.
//
// Of provider `terragrunt` the units: folders with a terragrunt.hcl that no other one includes and
// that names something to plan (a source, an include, or Terraform files beside it). What is below
// .terragrunt-cache or .terragrunt-stack is generated and is none. A terragrunt.stack.hcl is left
// out as `not_expanded`. The others are those of terraform::discoverStacks() that are neither a
// unit nor a module that units plan.
std::vector<DiscoveredStack> discoverStacks(const std::vector<SourceFile>& files);

}  // namespace driftkeeper::terragrunt
