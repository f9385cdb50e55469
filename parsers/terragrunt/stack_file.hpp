#pragma once

#include <map>
#include <string>
#include <vector>

#include "parsers/terragrunt/path_expression.hpp"

namespace driftkeeper::terragrunt {

constexpr std::string_view stackFile = "terragrunt.stack.hcl";
constexpr std::string_view generatedFolder = ".terragrunt-stack";

using ValueTexts = std::map<std::string, std::string>;

// A `unit` or `stack` block: what `terragrunt stack generate` makes a folder of.
struct StackEntry {
    bool isStack = false;
    std::string folder;  // that is made, in the tree; empty: its path is not known
    std::string source;  // what is copied there, in the tree; empty: elsewhere, or not known
    ValueTexts values;   // those that are texts
};

bool isStackFile(std::string_view path) noexcept;

// The entries of a stack's file in a folder of the tree. `values`: what the stack above gave, where
// it is one of another. Nothing is evaluated but paths. Source: terragrunt v1.1 docs,
// features/stacks.
std::vector<StackEntry> readStackFile(const std::string& folder, const Tree& tree,
                                      const ValueTexts& values);

}  // namespace driftkeeper::terragrunt
