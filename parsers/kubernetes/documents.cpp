#include "parsers/kubernetes/documents.hpp"

#include <algorithm>
#include <array>

#include "parsers/text/ascii.hpp"
#include "parsers/yaml/yaml.hpp"

namespace driftkeeper::kubernetes {
namespace {

bool isSeparator(std::string_view line) noexcept {
    return line.starts_with("---") &&
           (line.size() == 3 || line[3] == ' ' || line[3] == '\t' || line[3] == '\r');
}

bool holdsSomething(std::string_view document) {
    while (!document.empty()) {
        const std::size_t end = std::min(document.find('\n'), document.size());
        const std::string_view line = trimmed(document.substr(0, end));
        if (!line.empty() && line[0] != '#' && line != "..." && !line.starts_with("%")) return true;
        document.remove_prefix(std::min(end + 1, document.size()));
    }
    return false;
}

// The first groups of a cluster's API. All that came later have a dot, and so must those of custom
// resources (apiextensions: "should be a domain with at least one dot").
constexpr std::array<std::string_view, 5> groupsWithoutDot = {"apps", "autoscaling", "batch",
                                                              "extensions", "policy"};

// Groups of files that a tool reads, and no API server.
constexpr std::array<std::string_view, 23> groupsOfTools = {
    "audit.k8s.io",
    "backstage.io",
    "chainsaw.kyverno.io",
    "cli.kyverno.io",
    "client.authentication.k8s.io",
    "clusterctl.cluster.x-k8s.io",
    "config.kubernetes.io",
    "eksctl.io",
    "fn.kpt.dev",
    "k0sctl.k0sproject.io",
    "k3d.io",
    "kind.x-k8s.io",
    "kops.k8s.io",
    "kpt.dev",
    "krew.googlecontainertools.github.com",
    "kubeadm.k8s.io",
    "kubeone.k8c.io",
    "kuttl.dev",
    "meta.pkg.crossplane.io",
    "mirror.openshift.io",
    "node.eks.aws",
    "tanka.dev",
    "test.gatekeeper.sh",
};

bool isOneOf(std::string_view word, const auto& words) {
    return std::ranges::find(words, word) != words.end();
}

std::string_view withoutQuotes(std::string_view text) {
    const bool isQuoted =
        text.size() >= 2 && (text[0] == '"' || text[0] == '\'') && text.back() == text[0];
    return isQuoted ? text.substr(1, text.size() - 2) : text;
}

// How far the first level of a document stands in.
std::size_t indentOf(std::string_view document) {
    while (!document.empty()) {
        const std::size_t end = std::min(document.find('\n'), document.size());
        const std::string_view line = document.substr(0, end);
        const std::size_t begin = line.find_first_not_of(" \t\r");
        if (begin != std::string_view::npos && line[begin] != '#' && line[begin] != '%')
            return begin;
        document.remove_prefix(std::min(end + 1, document.size()));
    }
    return 0;
}

// The value of `NAME: value` at the first level, the name in quotes or not.
std::string topLevel(std::string_view document, std::string_view name) {
    const std::size_t indent = indentOf(document);
    while (!document.empty()) {
        const std::size_t end = std::min(document.find('\n'), document.size());
        const std::string_view line = document.substr(0, end);
        document.remove_prefix(std::min(end + 1, document.size()));
        if (line.size() <= indent || line.find_first_not_of(' ') != indent) continue;
        const std::size_t colon = line.find(':', indent);
        if (colon == std::string_view::npos) continue;
        if (withoutQuotes(trimmed(line.substr(indent, colon - indent))) != name) continue;
        const std::string_view value = trimmed(line.substr(colon + 1));
        return std::string(withoutQuotes(trimmed(value.substr(0, value.find(" #")))));
    }
    return {};
}

const YamlNode* member(const YamlNode* node, std::string_view key) {
    return node == nullptr ? nullptr : node->find(key);
}

std::string scalarOf(const YamlNode* node) {
    return node == nullptr ? std::string() : node->scalar;
}

}  // namespace

std::vector<std::string_view> yamlDocuments(std::string_view text) {
    std::vector<std::string_view> result;
    std::size_t begin = 0;
    const auto take = [&](std::size_t end) {
        if (const auto document = text.substr(begin, end - begin); holdsSomething(document))
            result.push_back(document);
    };
    for (std::size_t at = 0; at < text.size();) {
        const std::size_t end = std::min(text.find('\n', at), text.size());
        if (isSeparator(text.substr(at, end - at))) {
            take(at);
            begin = std::min(end + 1, text.size());
            // A document may begin on the line of its mark.
            if (!trimmed(text.substr(at + 3, end - at - 3)).empty() && text[at + 3] != '\r')
                begin = at + 3;
        }
        at = end + 1;
    }
    take(text.size());
    return result;
}

ManifestHead headOf(std::string_view document) {
    if (!trimmed(document).starts_with('{'))
        return {topLevel(document, "apiVersion"), topLevel(document, "kind")};
    const YamlDocument read = parseYaml(document);
    return {scalarOf(read.root.find("apiVersion")), scalarOf(read.root.find("kind"))};
}

bool isOtherProgramsTemplate(std::string_view document) {
    const bool isMarked = document.contains("{{") || document.contains("{%");
    return isMarked && !parseYaml(document, YamlTags::Kept).mistakes.empty();
}

std::string ManifestHead::group() const {
    const std::size_t slash = apiVersion.find('/');
    return slash == std::string::npos ? std::string() : apiVersion.substr(0, slash);
}

bool ManifestHead::isClusterObject() const noexcept {
    if (!isObject()) return false;
    const std::size_t slash = apiVersion.find('/');
    if (slash == std::string::npos)
        return apiVersion == "v1" && kind != "Config";  // else: a kubeconfig
    const std::string_view of = std::string_view(apiVersion).substr(0, slash);
    if (!of.contains('.')) return isOneOf(of, groupsWithoutDot);
    return !of.ends_with(".config.k8s.io") && !isOneOf(of, groupsOfTools);
}

bool namesNamespace(std::string_view document) {
    const YamlDocument read = parseYaml(document);
    return !scalarOf(member(read.root.find("metadata"), "namespace")).empty();
}

}  // namespace driftkeeper::kubernetes
