#include "parsers/kubernetes/ownership.hpp"

#include <algorithm>
#include <array>

#include "parsers/json/json.hpp"
#include "parsers/kubernetes/json_edit.hpp"

namespace driftkeeper::kubernetes {
namespace {

// The fields of an element like k:{"name":"web"}; an empty object for another one.
Json keysOf(std::string_view element) {
    auto keys =
        element.starts_with("k:") ? readJson(element.substr(2)) : Result<Json>(emptyObject());
    return keys ? std::move(*keys) : emptyObject();
}

bool isLike(const Json& item, const Json& keys) {
    for (std::size_t i = 0; i < keys.items.size(); ++i) {
        const Json& value = item[keys.keys[i]];
        const bool isUnsaid = value.isNull() && keys.keys[i] == "protocol";
        if (!sameValue(value, keys.items[i]) && !(isUnsaid && keys.items[i].string() == "TCP"))
            return false;
    }
    return !keys.items.empty();
}

const Json* itemLike(const Json& list, const Json& keys) {
    if (!list.isArray()) return nullptr;
    const auto found =
        std::ranges::find_if(list.items, [&](const Json& item) { return isLike(item, keys); });
    return found == list.items.end() ? nullptr : &*found;
}

const Json* childFor(const Json& node, const Step& step) {
    if (step.kind == Step::Kind::Member) {
        const Json& child = node["f:" + step.text];
        return &child == &Json::absent() ? nullptr : &child;
    }
    for (std::size_t i = 0; step.kind == Step::Kind::Item && i < node.items.size(); ++i)
        if (isLike(*step.item, keysOf(node.keys[i]))) return &node.items[i];
    return nullptr;
}

std::vector<std::string_view> namesOf(const Json& keys) {
    return {keys.keys.begin(), keys.keys.end()};
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
            at.push_back({Step::Kind::Member, std::string(name), nullptr});
            step(below, live[name], git[name], at, below.items.empty());
        } else if (element.starts_with("k:")) {
            const Json keys = keysOf(element);
            const Json* item = itemLike(live, keys);
            if (item == nullptr) return;
            const Json* wanted = itemLike(git, keys);
            at.push_back(itemStep(*item, namesOf(keys)));
            const bool isWhole = wanted == nullptr && &below["."] != &Json::absent();
            step(below, *item, wanted == nullptr ? Json::absent() : *wanted, at, isWhole);
        } else {
            return;
        }
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

std::size_t countOwned(const Json& node, const Json& git) {
    std::size_t count = 0;
    for (std::size_t i = 0; i < node.items.size(); ++i) {
        const std::string_view element = node.keys[i];
        if (!element.starts_with("f:") || git[element.substr(2)].isNull()) continue;
        count += 1 + countOwned(node.items[i], git[element.substr(2)]);
    }
    return count;
}

}  // namespace

std::string applierOf(const Object& live, const Json& git, std::string_view wanted) {
    if (!wanted.empty()) return std::string(wanted);
    std::string best = "driftkeeper";
    std::size_t most = 0;
    for (const Owner& owner : live.owners) {
        const std::size_t count =
            owner.applies && owner.subresource.empty() ? countOwned(owner.fields, git) : 0;
        if (count > most) {
            most = count;
            best = owner.manager;
        }
    }
    return best;
}

bool isApplier(const Owner& owner, std::string_view applier) noexcept {
    constexpr std::array<std::string_view, 6> known = {
        "kubectl-client-side-apply", "kubectl-create",     "kubectl-replace",
        "kubectl-last-applied",      "before-first-apply", "helm"};
    if (!owner.subresource.empty()) return false;
    return owner.manager == applier || std::ranges::find(known, owner.manager) != known.end();
}

bool isController(std::string_view manager) {
    constexpr std::array<std::string_view, 17> words = {
        "controller", "operator",    "injector",   "webhook",    "scheduler", "kubelet",
        "kube-proxy", "kube-api",    "autoscaler", "keda",       "istio",     "linkerd",
        "argocd",     "provisioner", "attacher",   "cainjector", "reconciler"};
    return manager == "manager" ||  // the name of the program that kubebuilder makes
           std::ranges::any_of(words,
                               [&](std::string_view word) { return manager.contains(word); });
}

std::string describe(const Owner& owner) {
    std::string text = owner.manager;
    if (!owner.subresource.empty()) text += " (" + owner.subresource + ")";
    if (!owner.time.empty()) text += ", " + owner.time;
    return text;
}

}  // namespace driftkeeper::kubernetes
