#include "daemon/git/libgit.hpp"

#include <git2.h>

#include <cassert>

#include "daemon/git/remote_url.hpp"
#include "daemon/git/streams.hpp"

namespace driftkeeper {

void GitRelease::operator()(git_commit* commit) const noexcept {
    git_commit_free(commit);
}
void GitRelease::operator()(git_odb* odb) const noexcept {
    git_odb_free(odb);
}
void GitRelease::operator()(git_odb_object* object) const noexcept {
    git_odb_object_free(object);
}
void GitRelease::operator()(git_object* object) const noexcept {
    git_object_free(object);
}
void GitRelease::operator()(git_remote* remote) const noexcept {
    git_remote_free(remote);
}
void GitRelease::operator()(git_repository* repository) const noexcept {
    git_repository_free(repository);
}
void GitRelease::operator()(git_tree* tree) const noexcept {
    git_tree_free(tree);
}

void startGit() {
    const auto start = [] {
        const bool initialised = git_libgit2_init() > 0;
        assert(initialised);
        // A source of truth may belong to another user; nothing of its configuration is ever
        // executed.
        git_libgit2_opts(GIT_OPT_SET_OWNER_VALIDATION, 0);
        // What the host's git is told (insteadOf, proxies, helpers) must not change where the
        // daemon goes.
        for (const auto level : {GIT_CONFIG_LEVEL_SYSTEM, GIT_CONFIG_LEVEL_XDG,
                                 GIT_CONFIG_LEVEL_GLOBAL, GIT_CONFIG_LEVEL_PROGRAMDATA})
            git_libgit2_opts(GIT_OPT_SET_SEARCH_PATH, level, "");
        registerStreams();
        return initialised;
    };
    static const bool started = start();
    static_cast<void>(started);
}

std::string gitMessage() {
    const git_error* error = git_error_last();
    return error && error->message ? scrubbed(error->message) : "libgit2 gives no reason";
}

}  // namespace driftkeeper
