#pragma once

#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "parsers/source/source_file.hpp"

// Files that lie beside a configuration and say something of it.
namespace driftkeeper::terraform {

// terraform.tfvars, *.auto.tfvars, and both as JSON: values that Terraform takes by itself.
bool isValuesFile(std::string_view path) noexcept;
// *.tftest.hcl, *.tofutest.hcl, and both as JSON.
bool isTestFile(std::string_view path) noexcept;
// Terraform Stacks: *.tfcomponent.hcl, *.tfstack.hcl, and both as JSON.
bool isStackFile(std::string_view path) noexcept;
constexpr std::string_view lockFileName = ".terraform.lock.hcl";
bool isLockFile(std::string_view path) noexcept;
// terraform.tfstate
bool isStateFile(std::string_view path) noexcept;

// The variables that a file of values sets.
std::set<std::string> variablesIn(const SourceFile& values);

// The folders of the tree that a test or a stack file may call as modules.
std::vector<std::string> modulesCalledBy(const SourceFile& file);

}  // namespace driftkeeper::terraform
