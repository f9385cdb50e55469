#pragma once

#include <set>
#include <string>
#include <vector>

#include "parsers/source/source_file.hpp"

namespace driftkeeper::argocd {

// Folders of the tree that its Applications and ApplicationSets apply: spec.source.path,
// spec.sources[].path, and the directories of a Git generator. Which repository an Application
// names cannot be known from the tree: a folder of that path counts.
std::set<std::string> appliedFolders(const std::vector<SourceFile>& files);

}  // namespace driftkeeper::argocd
