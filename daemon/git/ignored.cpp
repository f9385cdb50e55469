#include "daemon/git/ignored.hpp"

#include <git2.h>

#include "daemon/git/libgit.hpp"

namespace driftkeeper {

struct IgnoredPaths::State {
    git_repository* repository = nullptr;
    git_index* index = nullptr;

    ~State() {
        git_index_free(index);
        git_repository_free(repository);
    }
};

IgnoredPaths::IgnoredPaths(const std::filesystem::path& root) : state_(std::make_unique<State>()) {
    startGit();
    if (git_repository_open(&state_->repository, root.c_str()) != 0) return;
    if (git_repository_index(&state_->index, state_->repository) != 0) state_->index = nullptr;
}

IgnoredPaths::~IgnoredPaths() = default;

bool IgnoredPaths::contains(const std::string& path, bool isFolder) const {
    if (state_->repository == nullptr) return false;
    const std::string asked = isFolder ? path + "/" : path;
    int ignored = 0;
    if (git_ignore_path_is_ignored(&ignored, state_->repository, asked.c_str()) != 0 ||
        ignored == 0)
        return false;
    if (state_->index == nullptr) return true;
    const bool isTracked = isFolder
                               ? git_index_find_prefix(nullptr, state_->index, asked.c_str()) == 0
                               : git_index_find(nullptr, state_->index, asked.c_str()) == 0;
    return !isTracked;
}

}  // namespace driftkeeper
