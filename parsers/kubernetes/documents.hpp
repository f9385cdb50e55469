#pragma once

#include <string>
#include <string_view>
#include <vector>

// The documents of a YAML stream, without reading what is in them (YAML 1.2, chapter 9).
namespace driftkeeper::kubernetes {

// What a document says at its first level, in block style or as JSON.
struct ManifestHead {
    std::string apiVersion;
    std::string kind;

    [[nodiscard]] std::string group() const;  // empty: the core group
    [[nodiscard]] bool isObject() const noexcept { return !apiVersion.empty() && !kind.empty(); }

    // True for what a cluster's API may have: false for the configuration files of other tools that
    // look like objects (Backstage, kind, skaffold, eksctl, kubeconfig, …).
    [[nodiscard]] bool isClusterObject() const noexcept;
};

// The documents that hold something. Points into the text.
std::vector<std::string_view> yamlDocuments(std::string_view text);

ManifestHead headOf(std::string_view document);

// True for a template that another program fills in: marks of one (Go, Jinja, ERB, envsubst, ytt),
// and no YAML by itself, or an object whose name no cluster takes.
bool isOtherProgramsTemplate(std::string_view document);

// True where metadata names a namespace; false for what is no YAML.
bool namesNamespace(std::string_view document);

}  // namespace driftkeeper::kubernetes
