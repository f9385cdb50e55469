#include "parsers/kubernetes/marks.hpp"

#include <algorithm>
#include <array>

#include "parsers/kubernetes/ownership.hpp"

namespace driftkeeper::kubernetes {
namespace {

struct Mark {
    std::string_view deployer;  // a part of its field manager's name
    std::string_view place;     // labels, annotations
    std::string_view key;       // ends with '/': every key of that prefix
    bool isShared = false;      // others use the key as well
};

constexpr std::string_view inLabels = "labels";
constexpr std::string_view inAnnotations = "annotations";

constexpr std::array marks = {
    // Helm 3.2 and later: action/validate.go, setMetadataVisitor.
    Mark{"elm", inLabels, "app.kubernetes.io/managed-by", true},
    Mark{"elm", inAnnotations, "meta.helm.sh/release-name"},
    Mark{"elm", inAnnotations, "meta.helm.sh/release-namespace"},
    // Flux: the owner labels of kustomize-controller, and of helm-controller's post-renderer.
    Mark{"kustomize-controller", inLabels, "kustomize.toolkit.fluxcd.io/name"},
    Mark{"kustomize-controller", inLabels, "kustomize.toolkit.fluxcd.io/namespace"},
    Mark{"kustomize-controller", inAnnotations, "kustomize.toolkit.fluxcd.io/checksum"},
    Mark{"helm-controller", inLabels, "helm.toolkit.fluxcd.io/name"},
    Mark{"helm-controller", inLabels, "helm.toolkit.fluxcd.io/namespace"},
    // Argo CD: resource tracking by annotation, by label, by both.
    Mark{"argocd", inAnnotations, "argocd.argoproj.io/tracking-id"},
    Mark{"argocd", inAnnotations, "argocd.argoproj.io/installation-id"},
    Mark{"argocd", inLabels, "argocd.argoproj.io/instance"},
    Mark{"argocd", inLabels, "app.kubernetes.io/instance", true},
    // Carvel's kapp, Config Sync, Rancher's Fleet, Skaffold.
    Mark{"kapp", inLabels, "kapp.k14s.io/app"},
    Mark{"kapp", inLabels, "kapp.k14s.io/association"},
    Mark{"kapp", inAnnotations, "kapp.k14s.io/identity"},
    Mark{"kapp", inAnnotations, "kapp.k14s.io/original"},
    Mark{"kapp", inAnnotations, "kapp.k14s.io/original-diff-md5"},
    Mark{"configsync", inLabels, "app.kubernetes.io/managed-by", true},
    Mark{"configsync", inLabels, "configsync.gke.io/"},
    Mark{"configsync", inAnnotations, "configsync.gke.io/"},
    Mark{"configsync", inAnnotations, "configmanagement.gke.io/token"},
    Mark{"configsync", inAnnotations, "configmanagement.gke.io/source-path"},
    Mark{"configsync", inAnnotations, "configmanagement.gke.io/cluster-name"},
    Mark{"fleet", inLabels, "objectset.rio.cattle.io/hash"},
    Mark{"fleet", inAnnotations, "objectset.rio.cattle.io/"},
    Mark{"skaffold", inLabels, "skaffold.dev/run-id"},
};

bool isFor(const Mark& mark, const Path& path) {
    const std::string_view key = path[2].text;
    return path[1].text == mark.place &&
           (key == mark.key || (mark.key.ends_with('/') && key.starts_with(mark.key)));
}

bool isMark(const Mark& mark, const Path& path, const Object& live, bool mustOwn) {
    bool isDeployers = false, isPersons = false;
    for (const Owner& owner : live.owners) {
        if (!owns(owner, path)) continue;
        isDeployers = isDeployers || owner.manager.contains(mark.deployer);
        isPersons = isPersons || isHandTool(owner);
    }
    return isDeployers || (!mustOwn && !isPersons);
}

}  // namespace

bool isDeployersMark(const Path& path, const Object& live, const Json& asked) {
    if (path.size() != 3 || path[0].text != "metadata") return false;
    return std::ranges::any_of(marks, [&](const Mark& mark) {
        return isFor(mark, path) && isMark(mark, path, live, mark.isShared || !asked.isNull());
    });
}

}  // namespace driftkeeper::kubernetes
