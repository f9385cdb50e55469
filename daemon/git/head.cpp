#include "daemon/git/head.hpp"

#include <git2.h>

#include "daemon/git/libgit.hpp"

namespace driftkeeper {

std::string headCommit(const std::filesystem::path& folder) {
    startGit();
    git_repository* opened = nullptr;
    if (git_repository_open(&opened, folder.c_str()) != 0) return {};
    const GitOwned<git_repository> repository(opened);
    git_oid id;
    if (git_reference_name_to_id(&id, repository.get(), "HEAD") != 0) return {};
    return git_oid_tostr_s(&id);
}

}  // namespace driftkeeper
