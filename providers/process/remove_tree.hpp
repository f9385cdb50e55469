#pragma once

#include <filesystem>

namespace driftkeeper {

// Removes a file or a folder with all that is in it, whatever a tool made of it: of any depth, with
// folders that nobody may read. Links are not followed. False when something is left.
bool removeTree(const std::filesystem::path& path);

}  // namespace driftkeeper
