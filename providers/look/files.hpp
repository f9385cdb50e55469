#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

#include "parsers/result.hpp"

// Small files as values. Errors are `disk_full` or `private_directory` (both FixSetup).
namespace driftkeeper {

// The whole file; nullopt when it cannot be read or is larger than `limit` bytes.
std::optional<std::string> fileText(const std::filesystem::path& path,
                                    std::size_t limit = std::size_t{64} << 20);

// The same of a file that a tool may have written: opened step by step below `folder` without
// following any link, and looked at when it is open. `path` is relative.
std::optional<std::string> fileBelow(const std::filesystem::path& folder,
                                     const std::filesystem::path& path,
                                     std::size_t limit = std::size_t{64} << 20);

// Replaces a file at once, mode 0600: after a crash it has the old text or the new one.
Result<void> writeFile(const std::filesystem::path& path, std::string_view text);

// An empty folder of mode 0700, whatever was there.
Result<void> emptyFolder(const std::filesystem::path& path);

// A folder of mode 0700, left as it is when it exists; a link or a file in its place is removed.
Result<void> makeFolder(const std::filesystem::path& path);

}  // namespace driftkeeper
