#pragma once

#include <vector>

#include "parsers/source/source_file.hpp"
#include "providers/look/provider.hpp"

namespace driftkeeper::gitops {

// The manifests (gitops/folders.hpp) of the stack's folder and of what its closure names, with
// paths from workspace.root. What cannot be read is left out; a symbolic link to a folder is not
// followed.
std::vector<SourceFile> readManifests(const Workspace& workspace);

// The stack's folder as those paths have it; "." for the root itself.
std::string folderIn(const Workspace& workspace);

}  // namespace driftkeeper::gitops
