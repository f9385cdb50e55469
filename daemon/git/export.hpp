#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "daemon/git/git_folder.hpp"

namespace driftkeeper {

struct Checkout;

// The source of one stack at one commit, as `git clone` would have written it, without .git.
struct Export {
    std::filesystem::path root;
    std::filesystem::path directory;  // root / stack.path
    std::string commit;
    std::string sourceDigest;          // changes exactly when a file of the stack's closure (or its
                                       // variable files) does
    std::vector<std::string> leftOut;  // paths that are not written: links that could leave the
                                       // tree, submodules that are not here, folders that Git would
                                       // take for a repository
    GitFolder git;                     // what tools that ask Git are answered
    std::shared_ptr<const Checkout> checkout;  // stays on disk as long as somebody holds it
};

}  // namespace driftkeeper
