#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "parsers/source/source_file.hpp"

// What in a repository is a Kubernetes stack: a kustomization that no other one uses, a Helm chart
// that is no subchart and no library, a folder with manifests of its own outside of both. Of a
// chart are its templates/, charts/, crds/ and ci/, and nothing else below it. The objects that the
// providers of Flux and Argo CD look at are theirs; files of other tools that look like objects are
// nobody's. A folder of nothing but templates of other programs is left out as `template`.
namespace driftkeeper::kubernetes {

enum class SourceKind { Manifests, Kustomization, Chart };

// YAML and JSON.
bool isSourceFile(std::string_view path) noexcept;

// .yaml, .yml, .json, but no kustomization.
bool isManifestFile(std::string_view name) noexcept;

// By the names of the files that lie in a folder.
SourceKind sourceKindOf(const std::vector<std::string>& names) noexcept;

// Linear in the files and in what kustomizations reach.
std::vector<DiscoveredStack> discoverStacks(const std::vector<SourceFile>& files);

// The folder and every folder or file that its kustomization reaches, or that its chart depends on;
// sorted.
std::vector<std::string> closureOf(std::string_view folder, const std::vector<SourceFile>& files);

}  // namespace driftkeeper::kubernetes
