#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "parsers/source/source_file.hpp"

// What in a repository is a Kubernetes stack: a kustomization that no other one uses, a Helm chart that is no subchart
// and no library, a folder with manifests of its own outside of both. Manifests of Flux and Argo CD are somebody
// else's.
namespace driftkeeper::kubernetes {

enum class SourceKind { Manifests, Kustomization, Chart };

// YAML and JSON.
bool isSourceFile(std::string_view path) noexcept;

// kustomization.yaml, kustomization.yml, Kustomization.
bool isKustomizationFile(std::string_view name) noexcept;
// .yaml, .yml, .json, but no kustomization.
bool isManifestFile(std::string_view name) noexcept;

// By the names of the files that lie in a folder.
SourceKind sourceKindOf(const std::vector<std::string>& names) noexcept;

// What a kustomization names in resources, bases, components, patches, generators, …: folders and files, as written.
struct KustomizationFile {
    std::vector<std::string> uses;     // resources, bases, components
    std::vector<std::string> further;  // patches, generators' files, values, …
    bool isComponent = false;
};
KustomizationFile readKustomization(std::string_view text);

// True for what kustomize would fetch from elsewhere.
bool isRemote(std::string_view entry) noexcept;

std::vector<DiscoveredStack> discoverStacks(const std::vector<SourceFile>& files);

// The folder and every folder or file that its kustomization reaches, or that its chart depends on; sorted.
std::vector<std::string> closureOf(std::string_view folder, const std::vector<SourceFile>& files);

}  // namespace driftkeeper::kubernetes
