#include "parsers/kubernetes/documents.hpp"

#include <algorithm>
#include <array>

#include "parsers/gitops/manifest_text.hpp"
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

// The core group has no kinds but these, and lists of them (k8s.io/api/core/v1, complete since
// groups exist): a kubeconfig or an install-config is `v1`, too.
constexpr std::array<std::string_view, 18> coreKinds = {"Binding",
                                                        "ComponentStatus",
                                                        "ConfigMap",
                                                        "Endpoints",
                                                        "Event",
                                                        "Eviction",
                                                        "LimitRange",
                                                        "Namespace",
                                                        "Node",
                                                        "PersistentVolume",
                                                        "PersistentVolumeClaim",
                                                        "Pod",
                                                        "PodTemplate",
                                                        "ReplicationController",
                                                        "ResourceQuota",
                                                        "Secret",
                                                        "Service",
                                                        "ServiceAccount"};

// Groups of files that a tool reads, and no API server; also those below them.
constexpr std::array<std::string_view, 38> groupsOfTools = {
    "admission.k8s.io",
    "apiserver.k8s.io",
    "audit.k8s.io",
    "backstage.io",
    "bootstrap.aws.infrastructure.cluster.x-k8s.io",
    "chainsaw.kyverno.io",
    "cli.kyverno.io",
    "client.authentication.k8s.io",
    "clusterctl.cluster.x-k8s.io",
    "config.k8s.io",
    "config.kubernetes.io",
    "config.kwok.x-k8s.io",
    "controller-runtime.sigs.k8s.io",
    "ctlptl.dev",
    "eksctl.io",
    "fn.kpt.dev",
    "garden.io",
    "imgpkg.carvel.dev",
    "k0sctl.k0sproject.io",
    "k3d.io",
    "kapp.k14s.io",
    "kbld.k14s.io",
    "kind.sigs.k8s.io",
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
    "score.dev",
    "talos.dev",
    "tanka.dev",
    "test.gatekeeper.sh",
    "vendir.k14s.io",
};

// Characters that no name of an object has, and marks of templates do.
constexpr std::string_view strange = "{}[]()<>$%@\" \t";

// Marks of programs whose templates are YAML (Go with other marks, envsubst, ytt).
constexpr std::array<std::string_view, 3> namedLater = {"[[", "${", "#@"};

bool isAnyIn(std::string_view text, const auto& marks) {
    return std::ranges::any_of(marks, [&](std::string_view mark) { return text.contains(mark); });
}

bool isOneOf(std::string_view word, const auto& words) {
    return std::ranges::find(words, word) != words.end();
}

bool isToolsGroup(std::string_view group) {
    return std::ranges::any_of(groupsOfTools, [&](std::string_view one) {
        return group == one ||
               (group.ends_with(one) && group[group.size() - one.size() - 1] == '.');
    });
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
        return {gitops::firstLevel(document, "apiVersion"), gitops::firstLevel(document, "kind")};
    const YamlDocument read = parseYaml(document);
    return {scalarOf(read.root.find("apiVersion")), scalarOf(read.root.find("kind"))};
}

bool isOtherProgramsTemplate(std::string_view document) {
    const bool isMarked = gitops::hasTemplateMarks(document);
    if (!isMarked && !isAnyIn(document, namedLater)) return false;
    const YamlDocument read = parseYaml(document, YamlTags::Kept);
    if (!read.mistakes.empty()) return isMarked;
    const YamlNode* name = member(read.root.find("metadata"), "name");
    return name != nullptr &&
           (name->scalar.empty() || name->scalar.find_first_of(strange) != std::string::npos);
}

std::string ManifestHead::group() const {
    const std::size_t slash = apiVersion.find('/');
    return slash == std::string::npos ? std::string() : apiVersion.substr(0, slash);
}

bool ManifestHead::isClusterObject() const noexcept {
    if (!isObject()) return false;
    const std::size_t slash = apiVersion.find('/');
    if (slash == std::string::npos)
        return apiVersion == "v1" && (isOneOf(kind, coreKinds) || kind.ends_with("List"));
    const std::string_view of = std::string_view(apiVersion).substr(0, slash);
    if (!of.contains('.')) return isOneOf(of, groupsWithoutDot);
    // PolicyGenerator: a plugin of kustomize in a group that clusters have.
    return kind != "PolicyGenerator" && !isToolsGroup(of);
}

bool namesNamespace(std::string_view document) {
    const YamlDocument read = parseYaml(document);
    return !scalarOf(member(read.root.find("metadata"), "namespace")).empty();
}

}  // namespace driftkeeper::kubernetes
