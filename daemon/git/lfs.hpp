#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

#include "daemon/git/connection.hpp"
#include "daemon/model/settings.hpp"
#include "parsers/result.hpp"

namespace driftkeeper {

// Git LFS (git-lfs, docs/spec.md): Git keeps a pointer in place of a file, a server keeps the file.
// Fetched by the program `git-lfs`, into the mirror.

struct LfsPointer {
    std::string oid;  // SHA-256 of the file, 64 hex digits
    std::uint64_t size = 0;
};

// Larger than any pointer may be.
inline constexpr std::uint64_t largestPointer = 1024;

// nullopt: it is no pointer.
std::optional<LfsPointer> readLfsPointer(std::string_view text);

// Where the mirror has the file, if it has.
std::filesystem::path lfsObject(const std::filesystem::path& mirror, const LfsPointer& pointer);
bool hasLfsObject(const std::filesystem::path& mirror, const LfsPointer& pointer);

// Fetches the files of one commit. Error: lfs_not_fetched: why (FixSetup: no git-lfs; else Retry).
Result<void> fetchLfs(const std::filesystem::path& mirror, const RepositorySettings& settings,
                      const std::string& commit, const Patience& patience);

}  // namespace driftkeeper
