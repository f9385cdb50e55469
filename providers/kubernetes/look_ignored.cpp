#include <algorithm>

#include "parsers/graph/cause.hpp"
#include "parsers/json/json.hpp"
#include "providers/kubernetes/look.hpp"

// What Flux or Argo CD applies may have fields that they were asked to leave alone: the object that
// applies it is asked for where something differs.
namespace driftkeeper::kubernetes {
namespace {

std::string_view markOf(const Object& live, std::string_view place, std::string_view key) {
    return live.body["metadata"][place][key].string();
}

std::optional<Reconciler> byLabels(const Object& live, std::string_view type,
                                   std::string_view group) {
    const std::string prefix = std::string(group) + "/";
    const auto name = markOf(live, "labels", prefix + "name");
    if (name.empty()) return std::nullopt;
    return Reconciler{std::string(type) + "." + std::string(group),
                      std::string(markOf(live, "labels", prefix + "namespace")), std::string(name)};
}

// "shop:apps/Deployment:default/web"; an Application of another namespace is "team_shop:…".
std::optional<Reconciler> byTracking(const Object& live) {
    std::string_view app = markOf(live, "annotations", "argocd.argoproj.io/tracking-id");
    app = app.substr(0, app.find(':'));
    if (app.empty()) return std::nullopt;
    const auto line = app.find('_');
    const bool isElsewhere = line != std::string_view::npos;
    return Reconciler{"applications.argoproj.io",
                      isElsewhere ? std::string(app.substr(0, line)) : "argocd",
                      std::string(isElsewhere ? app.substr(line + 1) : app)};
}

std::optional<Reconciler> reconcilerOf(const Object& live) {
    if (auto found = byLabels(live, "kustomizations", "kustomize.toolkit.fluxcd.io")) return found;
    if (auto found = byLabels(live, "helmreleases", "helm.toolkit.fluxcd.io")) return found;
    return byTracking(live);
}

bool isReal(const Drift& drift) {
    return !isNoise(drift.cause);
}

}  // namespace

Outcome<void> Look::findIgnored() {
    std::map<Reconciler, std::vector<Wanted*>> applied;
    for (Wanted& one : wanted_) {
        if (!one.live || one.isUnreadable) continue;
        const auto reconciler = reconcilerOf(*one.live);
        if (reconciler && std::ranges::any_of(driftsOf(one), isReal))
            applied[*reconciler].push_back(&one);
    }
    for (const auto& [reconciler, objects] : applied) {
        auto result =
            runner_.run(getCall(session_, reconciler.type, {reconciler.name}, reconciler.space));
        if (!result) return std::unexpected(result.error());
        if (result->status != 0) {
            const Reason why = whyFailed(*result, secrets_);
            if (concernsAll(why)) return std::unexpected(why);
            if (why.code == "crd_missing") continue;  // an old mark: there is none any more
            warn("what " + reconciler.name + " was asked to leave alone is not known: " + why.text,
                 objects.front()->git.address());
            continue;
        }
        const auto object = readJson(result->out);
        for (Wanted* one : objects)
            if (object)
                one->ignored.add(*object,
                                 {one->git.kind, one->git.group, one->git.space, one->git.name});
    }
    return {};
}

}  // namespace driftkeeper::kubernetes
