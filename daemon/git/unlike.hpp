#pragma once

#include <optional>
#include <string>
#include <vector>

#include "daemon/git/libgit.hpp"
#include "daemon/git/repository_source.hpp"
#include "daemon/git/source_tree.hpp"
#include "daemon/model/stack.hpp"
#include "parsers/result.hpp"

namespace driftkeeper {

// What the tree lacks of all that a stack needs, so that a look at it would compare something else
// than people have: submodule_not_fetched; lfs_not_fetched, git_crypt (FixSetup). nullopt: nothing.
std::optional<Error> missingSubmodule(const SourceTree& tree, const Stack& stack,
                                      const RepositorySource& source);
std::optional<Error> unlikeFile(const SourceTree& tree, const Stack& stack,
                                const RepositorySource& source);

// Files of the stack that SOPS encrypts (https://getsops.io/docs): what reads them needs their key.
// The first 20.
std::vector<std::string> sopsFilesOf(git_odb* objects, const SourceTree& tree, const Stack& stack);

}  // namespace driftkeeper
