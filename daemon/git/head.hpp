#pragma once

#include <filesystem>
#include <string>

namespace driftkeeper {

// The commit that the working tree at `folder` stands on; empty when it is no repository or has no commit. Nothing of
// the repository's configuration is obeyed.
std::string headCommit(const std::filesystem::path& folder);

}  // namespace driftkeeper
