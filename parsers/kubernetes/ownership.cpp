#include "parsers/kubernetes/ownership.hpp"

#include <algorithm>
#include <array>

#include "parsers/json/json.hpp"
#include "parsers/kubernetes/shape.hpp"

namespace driftkeeper::kubernetes {
namespace {

const Json* itemNamedBy(const Json& list, const Json& keys) {
    if (!list.isArray()) return nullptr;
    const auto found =
        std::ranges::find_if(list.items, [&](const Json& item) { return isNamedBy(item, keys); });
    return found == list.items.end() ? nullptr : &*found;
}

const Json* childFor(const Json& node, const Step& step) {
    if (step.kind == Step::Kind::Member) {
        const Json& child = node["f:" + step.text];
        return &child == &Json::absent() ? nullptr : &child;
    }
    for (std::size_t i = 0; step.kind == Step::Kind::Item && i < node.items.size(); ++i)
        if (isNamedBy(*step.item, itemKeysOf(node.keys[i]))) return &node.items[i];
    if (step.kind == Step::Kind::Element) {
        const Json& child = node["v:" + step.text];
        return &child == &Json::absent() ? nullptr : &child;
    }
    return nullptr;
}

struct Beyond {
    std::vector<Path>& found;

    void walk(const Json& node, const Json& live, const Json& git, Path& at) {
        for (std::size_t i = 0; i < node.items.size(); ++i)
            visit(node.keys[i], node.items[i], live, git, at);
    }

    void visit(std::string_view element, const Json& below, const Json& live, const Json& git,
               Path& at) {
        if (element.starts_with("f:")) {
            const std::string_view name = element.substr(2);
            if (live[name].isNull()) return;
            at.push_back({Step::Kind::Member, std::string(name), nullptr, {}});
            step(below, live[name], git[name], at, below.items.empty());
            at.pop_back();
        } else if (element.starts_with("k:")) {
            item(itemKeysOf(element), below, live, git, at);
        } else if (element.starts_with("v:")) {
            const auto wanted = readJson(element.substr(2));
            const Json* there = wanted ? elementLike(live, *wanted) : nullptr;
            if (there == nullptr || elementLike(git, *wanted) != nullptr) return;
            at.push_back(elementStep(*there));
            found.push_back(at);
            at.pop_back();
        }
    }

    void item(const Json& keys, const Json& below, const Json& live, const Json& git, Path& at) {
        const Json* there = itemNamedBy(live, keys);
        if (there == nullptr) return;
        const Json* wanted = itemNamedBy(git, keys);
        at.push_back(itemStep(*there, keys.keys));
        const bool isWhole = wanted == nullptr && below.has(".");
        step(below, *there, wanted == nullptr ? Json::absent() : *wanted, at, isWhole);
        at.pop_back();
    }

    void step(const Json& below, const Json& live, const Json& git, Path& at, bool isWhole) {
        if (!isWhole)
            walk(below, live, git, at);
        else if (git.isNull())
            found.push_back(at);
    }
};

}  // namespace

bool owns(const Owner& owner, const Path& path) {
    const Json* node = &owner.fields;
    for (const Step& step : path) {
        const bool isLeaf = node != &owner.fields && node->items.empty();
        if (isLeaf) return true;
        node = childFor(*node, step);
        if (node == nullptr) return false;
    }
    return true;
}

std::vector<Path> ownedBeyond(const Owner& owner, const Json& live, const Json& git) {
    std::vector<Path> found;
    Path at;
    Beyond{found}.walk(owner.fields, live, git, at);
    return found;
}

namespace {

// What `kubectl apply --server-side` calls itself. Where a pipeline with a name of its own has much
// of the object as well, that was somebody at a terminal.
constexpr std::string_view kubectlsOwnName = "kubectl";

// How many of the fields that Git asks for an owner has.
std::size_t countOwned(const Json& node, const Json& git) {
    std::size_t count = 0;
    for (std::size_t i = 0; i < node.items.size(); ++i) {
        const std::string_view element = node.keys[i];
        const Json* asked = nullptr;
        if (element.starts_with("f:")) asked = &git[element.substr(2)];
        if (element.starts_with("k:")) asked = itemNamedBy(git, itemKeysOf(element));
        if (asked != nullptr && !asked->isNull()) count += 1 + countOwned(node.items[i], *asked);
    }
    return count;
}

// Clients that apply or create what lies in files, and deployers.
bool isKnownApplier(std::string_view manager) noexcept {
    constexpr std::array<std::string_view, 9> known = {"kubectl-client-side-apply",
                                                       "kubectl-create",
                                                       "kubectl-last-applied",
                                                       "before-first-apply",
                                                       "helm",
                                                       "Helm",
                                                       "kustomize-controller",
                                                       "helm-controller",
                                                       "argocd-controller"};
    return std::ranges::find(known, manager) != known.end();
}

bool isWriter(const Owner& owner) {
    return owner.subresource.empty() && !isController(owner.manager);
}

// Argo CD's API: what people change on its page and by its command line.
constexpr std::string_view argocdsPage = "argocd-server";

// Whoever has no more than these may have taken over all that there was: of one rule, or of one key
// of data, no trace of the creator is left.
constexpr std::size_t fewFields = 2;

// Of those who never apply on the server's side: who made the object, else who has most of it.
std::string creatorOf(const Object& live, const Json& git) {
    const std::string_view born = live.body["metadata"]["creationTimestamp"].string();
    std::size_t all = 0, most = fewFields, mostAtBirth = 0;
    std::string best, creator;
    for (const Owner& owner : live.owners) {
        if (!isWriter(owner) || owner.applies) continue;
        const std::size_t count = countOwned(owner.fields, git);
        all += count;
        if (isHandTool(owner)) continue;
        if (count > most) {
            most = count;
            best = owner.manager;
        }
        if (!born.empty() && owner.time == born && count >= mostAtBirth) {
            mostAtBirth = count;
            creator = owner.manager;
        }
    }
    if (!creator.empty()) return creator;
    return 2 * most > all ? best : std::string();
}

// A client that updates had the object before `applier` applied to it, and has more of what Git
// asks for.
bool isOfClient(const Owner& client, const Object& live, const Json& git, const Owner& applier) {
    if (!isWriter(client) || client.applies || isHandTool(client)) return false;
    const bool isFirst = isKnownApplier(client.manager) || client.time < applier.time ||
                         client.time == live.body["metadata"]["creationTimestamp"].string();
    return isFirst && countOwned(client.fields, git) > countOwned(applier.fields, git);
}

}  // namespace

std::string applierOf(const Object& live, const Json& git, std::string_view wanted) {
    if (!wanted.empty()) return std::string(wanted);
    const Owner* best = nullptr;
    const Owner* byDefaultName = nullptr;
    const auto countOf = [&](const Owner* owner) {
        return owner == nullptr ? 0 : countOwned(owner->fields, git);
    };
    for (const Owner& owner : live.owners) {
        if (!owner.applies || !owner.subresource.empty()) continue;
        if (owner.manager == kubectlsOwnName)
            byDefaultName = &owner;
        else if (countOf(&owner) > countOf(best))
            best = &owner;
    }
    if (countOf(byDefaultName) > 2 * countOf(best)) best = byDefaultName;
    const bool isNobodys = best == nullptr || std::ranges::any_of(live.owners, [&](const Owner& o) {
                               return isOfClient(o, live, git, *best);
                           });
    return isNobodys ? "driftkeeper" : best->manager;
}

Appliers::Appliers(const Object& live, const Json& git, std::string_view applier)
    : applier_(applier) {
    const bool isKnown = std::ranges::any_of(live.owners, [&](const Owner& owner) {
        return owner.subresource.empty() &&
               (owner.manager == applier_ || isKnownApplier(owner.manager));
    });
    if (!isKnown) creator_ = creatorOf(live, git);
}

bool Appliers::contains(const Owner& owner) const {
    if (!owner.subresource.empty()) return false;
    return owner.manager == applier_ || isKnownApplier(owner.manager) || isCreator(owner);
}

bool Appliers::isCreator(const Owner& owner) const {
    return !creator_.empty() && owner.manager == creator_ && owner.subresource.empty();
}

bool isController(std::string_view manager) {
    constexpr std::array<std::string_view, 28> words = {
        "controller",       "operator",    "injector",        "webhook",
        "scheduler",        "kubelet",     "kube-proxy",      "kube-api",
        "autoscaler",       "keda",        "istio",           "linkerd",
        "argocd",           "provisioner", "attacher",        "cainjector",
        "reconciler",       "rollouts",    "flagger",         "cert-manager",
        "external-secrets", "karpenter",   "pilot-discovery", "kyverno",
        "velero",           "resizer",     "snapshotter",     "eloader"};  // Reloader
    if (manager == argocdsPage) return false;
    return manager == "manager" ||  // the name of the program that kubebuilder makes
           manager == "k3s" ||      // all of a cluster's controllers as one program
           std::ranges::any_of(words,
                               [&](std::string_view word) { return manager.contains(word); });
}

bool isDeployer(std::string_view manager) noexcept {
    return manager.contains("elm") || manager.contains("argocd") ||
           manager == "kustomize-controller";
}

bool isHandTool(const Owner& owner) noexcept {
    constexpr std::array<std::string_view, 9> names = {"kubectl",    "k9s",    "Mozilla",
                                                       "dashboard",  "Lens",   "OpenLens",
                                                       "node-fetch", "okhttp", argocdsPage};
    const std::string& manager = owner.manager;
    const bool isKubectls = manager.starts_with("kubectl-") && !isKnownApplier(manager);
    return !owner.applies && (isKubectls || manager.starts_with("lens") ||
                              std::ranges::find(names, manager) != names.end());
}

std::string describe(const Owner& owner) {
    std::string text = owner.manager;
    if (!owner.subresource.empty()) text += " (" + owner.subresource + ")";
    if (!owner.time.empty()) text += ", " + owner.time;
    return text;
}

}  // namespace driftkeeper::kubernetes
