#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "parsers/source/source_file.hpp"
#include "parsers/terragrunt/stack_file.hpp"
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
// Of provider `terragrunt` the units: every folder with a terragrunt.hcl, as `terragrunt find` has
// it, or a terragrunt.hcl.json, which only `terragrunt plan` knows; and what the files of stacks in
// the tree generate, also what lies nowhere yet. What is below .terragrunt-cache or
// .terragrunt-stack is not read. Left out as `included` is one that others include and that plans
// nothing itself, as `nothing_to_plan` another one without source, include and Terraform files, as
// `copied_by_stack` what stacks make units of, as `not_expanded` a stack's file of which something
// is not known. The others are those of terraform::discoverStacks() that are neither a unit nor a
// module that units plan.
std::vector<DiscoveredStack> discoverStacks(const std::vector<SourceFile>& files);

}  // namespace driftkeeper::terragrunt
