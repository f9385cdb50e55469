#pragma once

#include <filesystem>
#include <string>
#include <string_view>

#include "parsers/result.hpp"

namespace driftkeeper {

// The whole file, at most `most` bytes. Fails with `file_unreadable` (FixSetup); the message names
// path and reason.
Result<std::string> readFile(const std::filesystem::path& path,
                             std::size_t most = std::size_t{1} << 20);

// Written beside, synced and renamed over `path`, so that a crash leaves the old or the new
// content. `mode` as for chmod. Fails with `file_unwritable` (FixSetup).
Result<void> writeFile(const std::filesystem::path& path, std::string_view content,
                       unsigned mode = 0600);

// Makes the directory and its parents, mode 0700 for those that are new. Fails with
// `directory_unwritable` (FixSetup).
Result<void> makeDirectory(const std::filesystem::path& path);

}  // namespace driftkeeper
