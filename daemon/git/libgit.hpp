#pragma once

#include <memory>
#include <string>

struct git_commit;
struct git_odb;
struct git_odb_object;
struct git_object;
struct git_remote;
struct git_repository;
struct git_tree;

namespace driftkeeper {

// Owners of what libgit2 hands out.
struct GitRelease {
    void operator()(git_commit* commit) const noexcept;
    void operator()(git_odb* odb) const noexcept;
    void operator()(git_odb_object* object) const noexcept;
    void operator()(git_object* object) const noexcept;
    void operator()(git_remote* remote) const noexcept;
    void operator()(git_repository* repository) const noexcept;
    void operator()(git_tree* tree) const noexcept;
};

template <class T>
using GitOwned = std::unique_ptr<T, GitRelease>;

// Starts libgit2 once per process: no configuration of the host is read, repositories of other
// users may be fetched from, connections are ours (streams.hpp). Thread-safe.
void startGit();

// What libgit2 said last on this thread, fit for a message: one line, no user part of any URL.
std::string gitMessage();

}  // namespace driftkeeper
