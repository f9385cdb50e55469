#include "parsers/kubernetes/noise.hpp"

#include <algorithm>
#include <array>

#include "parsers/graph/cause.hpp"
#include "parsers/kubernetes/json_edit.hpp"
#include "parsers/kubernetes/marks.hpp"
#include "parsers/kubernetes/ownership.hpp"

namespace driftkeeper::kubernetes {
namespace {

constexpr std::string_view restartedAt = "kubectl.kubernetes.io/restartedAt";

bool isAt(const Path& path, std::initializer_list<std::string_view> names) {
    return path.size() >= names.size() &&
           std::equal(names.begin(), names.end(), path.begin(),
                      [](std::string_view name, const Step& step) { return name == step.text; });
}

// Of metadata, wherever an object has some: in its own, or in a template's.
bool isEntry(const Path& path, std::string_view map, std::string_view name) {
    return path.size() >= 2 && path[path.size() - 2].text == map && path.back().text == name;
}

bool isAnnotation(const Path& path, std::string_view name) {
    return isEntry(path, "annotations", name);
}

bool isReplicas(const Path& path) {
    return path.size() == 2 && isAt(path, {"spec", "replicas"});
}

// How much traffic goes where (VirtualService, HTTPRoute, TrafficSplit): what Argo Rollouts and
// Flagger move step by step.
bool isTrafficWeight(const Path& path) {
    return path.size() > 2 && path[0].text == "spec" && path.back().text == "weight";
}

// A certificate authority that an injector writes into what Git leaves open or fills with a
// placeholder.
bool isInjectedAuthority(const Path& path, const Object& object) {
    return !path.empty() && path.back().text == "caBundle" &&
           (object.kind.ends_with("WebhookConfiguration") ||
            object.kind == "CustomResourceDefinition" || object.kind == "APIService");
}

bool isAggregated(const Path& path, const Object& git) {
    return git.kind == "ClusterRole" && !git.body["aggregationRule"].isNull() &&
           isAt(path, {"rules"});
}

bool isBookkeeping(const Path& path) {
    return isAt(path, {"status"}) || isAt(path, {"metadata", "generation"}) ||
           isAnnotation(path, "deployment.kubernetes.io/revision") ||
           isAnnotation(path, "deprecated.daemonset.template.generation") ||
           isEntry(path, "labels", "kubernetes.io/metadata.name");
}

// Items, annotations and labels that nobody asked for come from webhooks; other fields are filled
// in by the server.
std::string_view additionOf(const Path& path) {
    const bool isMetadata = std::ranges::any_of(
        path, [](const Step& step) { return step.text == "annotations" || step.text == "labels"; });
    return isMetadata || path.back().kind != Step::Kind::Member ? cause::injected
                                                                : cause::defaulted;
}

// Controllers alone own what Git leaves open: what they put into a map that is applied as a whole,
// such as the selector of a Service.
bool isControllers(const Difference& difference, const Seen& seen) {
    bool isOne = false;
    for (const Owner& owner : seen.live.owners) {
        if (!owns(owner, difference.path) || seen.appliers.contains(owner)) continue;
        if (!isController(owner.manager)) return false;
        isOne = true;
    }
    return isOne;
}

}  // namespace

bool isSilent(const Path& path) {
    return isBookkeeping(path) ||
           isAnnotation(path, "kubectl.kubernetes.io/last-applied-configuration") ||
           isAt(path, {"metadata", "finalizers"}) || isAt(path, {"metadata", "ownerReferences"});
}

std::optional<std::string_view> noiseOf(const Difference& difference, const Seen& seen) {
    const Path& path = difference.path;
    if (isBookkeeping(path)) return cause::bookkeeping;
    if (seen.byServer ? isCosmetic(difference) : isSpelling(difference)) return cause::cosmetic;
    const bool isScaled = isReplicas(path) || isTrafficWeight(path);
    if ((isReplicas(path) && seen.isAutoscaled) || (isScaled && isControllers(difference, seen)))
        return cause::autoscaled;
    if (isAggregated(path, seen.git)) return cause::aggregated;
    if (isInjectedAuthority(path, seen.live) || isAnnotation(path, restartedAt))
        return cause::injected;
    const Json& asked = valueAt(seen.git.body, path);
    if (isDeployersMark(path, seen.live, asked)) return cause::injected;
    if (asked.isNull() && isControllers(difference, seen)) return cause::injected;
    if (!seen.byServer) return std::nullopt;
    // The server would add or change what Git leaves open; what it would take away was applied
    // once.
    if (asked.isNull() && !difference.git->isNull()) {
        if (difference.live->isNull()) return additionOf(path);
        return cause::injected;
    }
    // Live is what Git asks for: a webhook would change it on the next write.
    if (sameValue(asked, *difference.live)) return cause::injected;
    return std::nullopt;
}

std::optional<std::string_view> foreignNoise(const Owner& owner, const Path& path,
                                             const Object& live, bool isAutoscaled) {
    if (isReplicas(path) && (isAutoscaled || owner.manager == "kube-controller-manager"))
        return cause::autoscaled;
    if (live.kind == "ClusterRole" && isAt(path, {"rules"}) &&
        !live.body["aggregationRule"].isNull())
        return cause::aggregated;
    if (isAnnotation(path, restartedAt) || isInjectedAuthority(path, live) ||
        isDeployersMark(path, live, Json::absent()))
        return cause::injected;
    if (owner.manager.starts_with("kube-") || owner.manager == "kubelet") return cause::bookkeeping;
    if (isController(owner.manager)) return cause::injected;
    return std::nullopt;
}

}  // namespace driftkeeper::kubernetes
