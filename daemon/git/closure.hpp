#pragma once

#include <string>
#include <vector>

#include "daemon/git/source_tree.hpp"
#include "daemon/model/stack.hpp"

namespace driftkeeper {

// Files below a stack's closure and its variable files, links followed; sorted by path. A folder
// with configuration files of its own that the closure does not name is another stack or an unused
// module: it can be skipped.
enum class OtherStacks { Skipped, Taken };
std::vector<const TreeFile*> closureFiles(const SourceTree& tree, const Stack& stack,
                                          OtherStacks others);

// SHA-256 in hex over path, kind and content of the files that decide a stack's verdict: no other
// stacks.
std::string digestOf(const SourceTree& tree, const Stack& stack);

}  // namespace driftkeeper
