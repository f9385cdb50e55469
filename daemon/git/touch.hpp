#pragma once

#include <optional>
#include <string>
#include <vector>

#include "daemon/git/libgit.hpp"
#include "daemon/model/touch.hpp"
#include "parsers/result.hpp"

namespace driftkeeper {

// The last commit, seen from `commit`, that changed one of the files or folders ("." is all): one
// that differs there from each of its parents. nullopt: none within 20,000 steps. Errors:
// git_no_ref (Retry), git_damaged (Retry).
Result<std::optional<Touch>> lastTouch(git_repository* repository, const std::string& commit,
                                       const std::vector<std::string>& paths);

}  // namespace driftkeeper
