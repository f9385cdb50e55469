#include "parsers/gitops/field_owners.hpp"

#include <algorithm>
#include <array>
#include <string_view>

#include "parsers/gitops/instant.hpp"

namespace driftkeeper::gitops {
namespace {

constexpr std::array<std::string_view, 10> appliers = {"kustomize-controller",
                                                       "helm-controller",
                                                       "argocd-controller",
                                                       "argocd-application-controller",
                                                       "argocd-applicationset-controller",
                                                       "kubectl-client-side-apply",
                                                       "kubectl-create",
                                                       "helm",
                                                       "flux",
                                                       "flux-client-side-apply"};

// Down to the field, or to the list that holds it: elements are named by keys that a path does not
// know.
bool owns(const Json& fields, const FieldPath& path) {
    const Json* at = &fields;
    for (const auto& step : path) {
        if (step.empty()) return true;
        at = &(*at)["f:" + step];
        if (at == &Json::absent()) return false;
        if (at->isObject() && at->items.empty()) return true;  // owned as a whole
    }
    return true;
}

bool isStatus(const Json& entry) {
    return entry["subresource"].string() == "status";
}

}  // namespace

bool FieldOwner::isPerson() const {
    const bool isMachine = manager.contains("controller") || manager.contains("operator") ||
                           manager.contains("updater") || manager.contains("terraform");
    return !isApplier && !isMachine;
}

std::string FieldOwner::forPeople() const {
    return time.empty() ? manager : manager + ", " + time;
}

std::optional<FieldOwner> ownerOf(const Json& object, const FieldPath& path) {
    std::optional<FieldOwner> best;
    for (const Json& entry : object["metadata"]["managedFields"].items) {
        if (isStatus(entry) || !owns(entry["fieldsV1"], path)) continue;
        const auto manager = entry["manager"].string();
        FieldOwner owner{std::string(manager), std::string(entry["time"].string()),
                         entry["operation"].string() == "Apply" ||
                             std::ranges::find(appliers, manager) != appliers.end()};
        const bool better = !best || (best->isApplier && !owner.isApplier) ||
                            (best->isApplier == owner.isApplier && owner.time > best->time);
        if (better) best = std::move(owner);
    }
    return best;
}

std::optional<std::chrono::sys_seconds> lastWriteOf(const Json& object) {
    std::optional<std::chrono::sys_seconds> last;
    for (const Json& entry : object["metadata"]["managedFields"].items) {
        if (isStatus(entry)) continue;
        const auto time = instantFrom(entry["time"].string());
        if (time && (!last || *time > *last)) last = time;
    }
    return last;
}

}  // namespace driftkeeper::gitops
