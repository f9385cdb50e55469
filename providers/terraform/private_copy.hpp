#pragma once

#include <filesystem>
#include <vector>

#include "parsers/result.hpp"

namespace driftkeeper::terraform {

// Copies folders and files below `target`, each where it lies relative to the others, without .git
// and .terraform. The copy of `directory`, which is one of them. Symbolic links stay links. Fails
// as files.hpp says.
Result<std::filesystem::path> copyTree(const std::filesystem::path& directory,
                                       std::vector<std::filesystem::path> others,
                                       const std::filesystem::path& target);

}  // namespace driftkeeper::terraform
