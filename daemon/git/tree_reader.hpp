#pragma once

#include <string>

#include "daemon/git/libgit.hpp"
#include "daemon/git/source_tree.hpp"
#include "parsers/result.hpp"

namespace driftkeeper {

// Taken: what their commits hold is part of the tree, as far as the repository's objects have it.
enum class Submodules { Taken, LeftOut };

// Errors: git_hostile_tree (Report): names that no checkout should have, over 1,000,000 files, over
// 200 levels; git_no_ref (Retry): no such commit here; git_damaged (Retry): objects are missing.
Result<SourceTree> readTree(git_repository* repository, const std::string& commit,
                            Submodules submodules = Submodules::Taken);

}  // namespace driftkeeper
