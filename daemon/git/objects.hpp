#pragma once

#include <cstdint>
#include <string>

#include "daemon/git/libgit.hpp"
#include "daemon/git/source_tree.hpp"
#include "parsers/result.hpp"

struct git_oid;

namespace driftkeeper {

// What the object store of a repository holds. Every error is git_damaged (Retry) unless said.

// With libgit2's last words.
std::unexpected<Error> damaged();

git_oid oidOf(const std::string& id);  // of 40 hex digits
std::string hexOf(const git_oid* id);

Result<GitOwned<git_odb>> openObjects(git_repository* repository);

Result<std::uint64_t> blobSize(git_odb* objects, const std::string& id);

// The bytes that Git keeps. Error: git_huge_file (Report) when there are more than `limit`, found
// without reading them.
Result<std::string> readBlob(git_odb* objects, const TreeFile& file, std::uint64_t limit);

}  // namespace driftkeeper
