#pragma once

#include <filesystem>
#include <optional>
#include <string_view>

namespace driftkeeper {

// Where a program lies: `name` itself when it holds a slash (from `directory` when relative), else
// the first of that name on `path`. nullopt: nowhere, or not executable.
std::optional<std::filesystem::path> findProgram(std::string_view name, std::string_view path,
                                                 const std::filesystem::path& directory);

}  // namespace driftkeeper
