#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

// The file that kustomize reads in a folder (kustomize 5, api/types/kustomization.go): what it
// names.
namespace driftkeeper::gitops {

// Files and folders as written, from the kustomization's folder. What is written out in place, and
// members that name no file (namespace, images, labels, namePrefix, …), are left out.
struct Kustomization {
    std::vector<std::string> builtOn;  // resources, bases, components: what its objects are made of
    std::vector<std::string>
        reads;  // every other file: patches, generators' files, values, transformers, openapi, …
    // Of `reads`: the files and folders with objects of plugins, which name files themselves.
    std::vector<std::string> plugins;
    std::vector<std::string> charts;  // names of helmCharts
    bool isComponent = false;
};

// kustomization.yaml, kustomization.yml, Kustomization.
bool isKustomizationFile(std::string_view name) noexcept;

// nullopt for a file of that name that is none of kustomize's, such as a Kustomization of Flux.
// What is no YAML names nothing.
std::optional<Kustomization> readKustomization(std::string_view text);

// The files that objects of kustomize's own plugins (apiVersion: builtin) name in a text, from the
// kustomization's folder.
std::vector<std::string> namedByPlugins(std::string_view text);

// True for what kustomize would fetch from elsewhere.
bool isRemote(std::string_view entry) noexcept;

}  // namespace driftkeeper::gitops
