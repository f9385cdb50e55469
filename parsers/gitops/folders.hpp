#pragma once

#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "parsers/gitops/documents.hpp"
#include "parsers/source/source_file.hpp"

// Which folders of a repository are what somebody applies, and how: by the rules of
// kustomize-controller's generator (fluxcd/pkg kustomize) and Argo CD's directories. A folder with
// a kustomization file is what kustomize makes of it; any other is its files and, below it, its
// folders by the same rule. A folder that a kustomization elsewhere builds on is part of that one;
// Helm charts are nobody's manifests.
namespace driftkeeper::gitops {

// *.yaml *.yml *.json, and Kustomization: what discovery reads.
bool isManifest(std::string_view path) noexcept;

// The topmost folders in which a wanted object is declared, each with all it is made of. Sorted by
// path; provider is the caller's to set.
std::vector<DiscoveredStack> stacksWith(const Wanted& wanted, const std::vector<SourceFile>& files);

// The files that these stacks are made of: a wanted object that lies elsewhere is nobody's.
std::set<std::string> filesOfStacks(const Wanted& wanted, const std::vector<SourceFile>& files);

// A folder that an object asks its reconciler to apply.
struct AppliedFolder {
    std::string path;  // as written, from the repository's root; a part with * stands for several
    bool withWhatIsBelow;  // where no kustomization says otherwise
};

// A path in which a reconciler or its generator fills in variables (${NAME}, {{name}}), with * in
// their place.
std::string withoutVariables(std::string_view path);

// Every folder of the tree that is part of one of those. Folders that are not there are passed
// over, and so is a path of nothing but *.
std::set<std::string> appliedFolders(const std::vector<AppliedFolder>& applied,
                                     const std::vector<SourceFile>& files);

// What the folder is made of: itself, and folders and files elsewhere that its kustomizations name.
std::vector<std::string> closureWith(std::string_view folder, const std::vector<SourceFile>& files);

// How to get the objects of a folder.
struct Sources {
    std::vector<std::string> kustomizations;  // folders for `kubectl kustomize`
    std::vector<std::string> files;           // to be read as they are
};

Sources sourcesOf(std::string_view folder, const std::vector<SourceFile>& files);

// What the kustomizations of a folder build on and the repository does not have: kustomize would
// fetch it, or fail.
std::vector<std::string> remotesOf(std::string_view folder, const std::vector<SourceFile>& files);

}  // namespace driftkeeper::gitops
