#pragma once

#include <filesystem>
#include <span>

#include "daemon/git/source_tree.hpp"

namespace driftkeeper {

// Makes `place`/src hold exactly `files` (sorted by path) and nothing else; only what differs is
// written. What was written, and how the file system recorded it, is kept in `place`/index: a file
// whose record differs was touched by someone and is written again. Nothing outside `place` is ever
// reached, whatever links were left in it. Folders get mode 0700, files 0600 or 0700. One caller
// per place. Errors: git_huge_file (Report), git_disk_full, git_state (FixSetup), git_damaged
// (Retry).
Result<void> writeExport(const std::filesystem::path& place, std::span<const TreeFile* const> files,
                         git_odb* objects);

}  // namespace driftkeeper
