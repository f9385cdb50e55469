#pragma once

#include <filesystem>
#include <string>

#include "daemon/git/connection.hpp"
#include "daemon/git/libgit.hpp"
#include "daemon/model/settings.hpp"
#include "parsers/result.hpp"

namespace driftkeeper {

// A bare repository that follows one ref of one remote. Its folder holds nothing that the remote
// can choose the name of.

// Brings it up to date, made anew when there is none, and returns the full hash of the commit that
// the ref names now. One thread a folder. Errors as Checkouts::sync, and git_damaged (Retry): the
// folder must be removed first.
Result<std::string> updateMirror(const std::filesystem::path& folder,
                                 const RepositorySettings& repository, const Patience& patience);

// The hash that the ref has at the remote (of a tag: of the tag itself), without fetching anything.
// Errors as above.
Result<std::string> askRemote(const RepositorySettings& repository, const Patience& patience);

// Error: git_damaged (Retry).
Result<GitOwned<git_repository>> openMirror(const std::filesystem::path& folder);

// The branch that the ref was at the last update; empty: a tag, or another name.
std::string branchOf(git_repository* mirror);

}  // namespace driftkeeper
