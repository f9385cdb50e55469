#pragma once

#include <filesystem>
#include <string>

#include "parsers/result.hpp"

namespace driftkeeper {

// The .git of a checkout, for tools that ask where they are: commit, branch, remote and history, as
// `git clone` has them (gitrepository-layout(5)). There is no index: nothing compares the tree.
struct GitFolder {
    std::string commit;
    std::string branch;  // empty: the ref is none, and the commit is checked out by itself
    std::string url;     // of the remote, without a user part
    std::filesystem::path objects;  // of the mirror: whoever asks must see it
};

// Makes ROOT/.git. Errors (FixSetup): git_disk_full, git_state.
Result<void> writeGitFolder(const std::filesystem::path& root, const GitFolder& git);

}  // namespace driftkeeper
