#pragma once

#include <set>
#include <string>
#include <vector>

#include "parsers/source/source_file.hpp"

namespace driftkeeper::flux {

// Folders of the tree that its Kustomizations (spec.path) apply. Which repository a source is
// cannot be known from the tree: with a source flux-system, the one that `flux bootstrap` makes, it
// is that one; else every GitRepository.
std::set<std::string> appliedFolders(const std::vector<SourceFile>& files);

}  // namespace driftkeeper::flux
