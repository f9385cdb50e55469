#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <set>

#include "parsers/kubernetes/ownership.hpp"
#include "providers/kubernetes/look.hpp"

// Objects that Git never asked for, where the settings say that only Git should: tracked by a label
// or an annotation, or in namespaces of the stack.
namespace driftkeeper::kubernetes {
namespace {

std::vector<std::string> lines(std::string_view text) {
    std::vector<std::string> result;
    while (!text.empty()) {
        const std::size_t end = std::min(text.find('\n'), text.size());
        if (end > 0) result.emplace_back(text.substr(0, end));
        text.remove_prefix(std::min(end + 1, text.size()));
    }
    return result;
}

// What nobody writes down.
bool isListed(std::string_view type) {
    constexpr std::array<std::string_view, 8> never = {"events",
                                                       "events.events.k8s.io",
                                                       "endpoints",
                                                       "endpointslices.discovery.k8s.io",
                                                       "leases.coordination.k8s.io",
                                                       "componentstatuses",
                                                       "pods.metrics.k8s.io",
                                                       "nodes.metrics.k8s.io"};
    return std::ranges::find(never, type) == never.end();
}

// What a cluster puts into every namespace, and what other objects made.
bool isOfCluster(const Object& object) {
    const Json& meta = object.body["metadata"];
    const std::string_view secretType = object.body["type"].string();
    const bool isControllers =
        !object.owners.empty() && std::ranges::all_of(object.owners, [](const Owner& owner) {
            return isController(owner.manager) && !isDeployer(owner.manager);
        });
    return isControllers || !meta["ownerReferences"].items.empty() ||
           !meta["deletionTimestamp"].isNull() ||
           (object.kind == "ConfigMap" && object.name == "kube-root-ca.crt") ||
           (object.kind == "ServiceAccount" && object.name == "default") ||
           (object.kind == "Secret" && (secretType.starts_with("helm.sh/release") ||
                                        secretType == "kubernetes.io/service-account-token"));
}

// The claims that the StatefulSets among them make: NAMESPACE/TEMPLATE-SET, without the ordinal.
using Claims = std::set<std::string>;

void addClaims(const Object& object, Claims& claims) {
    if (object.kind != "StatefulSet" || object.group != "apps") return;
    for (const Json& one : object.body["spec"]["volumeClaimTemplates"].items)
        claims.insert(object.space + "/" + std::string(one["metadata"]["name"].string()) + "-" +
                      object.name);
}

// A claim of a StatefulSet, and nobody's own.
bool isClaim(const Object& object, const Claims& claims) {
    const std::size_t dash = object.name.rfind('-');
    if (object.kind != "PersistentVolumeClaim" || dash == std::string::npos) return false;
    const std::string_view ordinal = std::string_view(object.name).substr(dash + 1);
    const bool isNumber =
        !ordinal.empty() && ordinal.find_first_not_of("0123456789") == std::string_view::npos;
    return isNumber && claims.contains(object.space + "/" + object.name.substr(0, dash)) &&
           (object.owners.empty() || std::ranges::any_of(object.owners, [](const Owner& owner) {
                return owner.subresource.empty() && isController(owner.manager);
            }));
}

// `cannot list resource "pods" in API group "" in the namespace "shop"` -> pods
std::set<std::string> forbiddenIn(std::string_view said) {
    constexpr std::string_view mark = "cannot list resource \"";
    constexpr std::string_view groupMark = "in API group \"";
    std::set<std::string> types;
    for (std::size_t at = said.find(mark); at != std::string_view::npos;
         at = said.find(mark, at + 1)) {
        const std::string_view rest = said.substr(at + mark.size());
        std::string type(rest.substr(0, rest.find('"')));
        if (const std::size_t group = rest.find(groupMark); group != std::string_view::npos) {
            const std::string_view name = rest.substr(group + groupMark.size());
            if (!name.starts_with('"')) type += "." + std::string(name.substr(0, name.find('"')));
        }
        types.insert(std::move(type));
    }
    return types;
}

const std::vector<std::string>& listOf(const ProviderOptions& options, const std::string& key) {
    static const std::vector<std::string> none;
    const auto found = options.find(key);
    return found == options.end() ? none : found->second;
}

}  // namespace

bool Look::isTracked(const Object& object) const {
    const std::string annotation = optionOf(workspace_.options, "tracking_annotation");
    if (annotation.empty()) return true;
    const std::size_t at = annotation.find('=');
    const Json& value = object.body["metadata"]["annotations"][annotation.substr(0, at)];
    return !value.isNull() &&
           (at == std::string::npos || value.string() == annotation.substr(at + 1));
}

Outcome<void> Look::findUnmanaged() {
    const std::string label = optionOf(workspace_.options, "tracking_label");
    const bool isTracking =
        !label.empty() || !optionOf(workspace_.options, "tracking_annotation").empty();
    const auto& spaces = listOf(workspace_.options, "owned_namespaces");
    if (!isAllDecoded_) return {};
    if (isTracking) {
        const auto types = typesOf(Types::All);
        if (!types) return std::unexpected(types.error());
        if (auto found = findUnmanagedIn(*types, {"", label}); !found) return found;
    }
    if (spaces.empty()) return {};
    // What belongs to no namespace cannot be in one.
    const auto types = typesOf(Types::InNamespaces);
    if (!types) return std::unexpected(types.error());
    for (const std::string& space : spaces)
        if (auto found = findUnmanagedIn(*types, {space, ""}); !found) return found;
    return {};
}

Outcome<std::vector<std::string>> Look::typesOf(Types which) {
    auto result = runner_.run(typesCall(session_, which));
    if (!result) return std::unexpected(result.error());
    if (result->status != 0) return std::unexpected(whyFailed(*result, secrets_));
    auto types = lines(result->out);
    const auto& excluded = listOf(workspace_.options, "exclude_types");
    std::erase_if(types, [&](const std::string& type) {
        return !isListed(type) || std::ranges::find(excluded, type) != excluded.end();
    });
    return types;
}

// By a namespace, or by the marks that track an object.
Outcome<void> Look::findUnmanagedIn(const std::vector<std::string>& types, const Scope& scope) {
    auto result = runner_.run(listCall(session_, types, scope));
    if (!result) return std::unexpected(result.error());
    if (result->status != 0) {
        const Reason why = whyFailed(*result, secrets_);
        if (concernsAll(why)) return std::unexpected(why);
        notListed(why, forbiddenIn(result->err), scope);
    }
    // The types that may be listed were printed nevertheless.
    auto objects = readObjects(result->out, tags_);
    if (!objects) return std::unexpected(reason("output_unreadable"));
    keepUnmanaged(*std::move(objects), scope);
    return {};
}

// Which types are looked for in a namespace is the role's to say. Where it allows none, or
// something else went wrong, that is no look.
void Look::notListed(const Reason& why, const std::set<std::string>& types, const Scope& scope) {
    const bool isRole = why.code == "forbidden" && !types.empty() && !scope.ofNamespace.empty();
    if (!isRole) return unreadable(why, "");
    constexpr std::size_t mostNames = 5;
    std::string names;
    std::size_t named = 0;
    for (const std::string& type : types)
        if (++named <= mostNames) names += (names.empty() ? "" : ", ") + type;
    if (types.size() > mostNames) names += fmt::format(" and {} more", types.size() - mostNames);
    warn(
        fmt::format("what is in namespace {} and not in Git is not found for types that may not "
                    "be listed: {}",
                    scope.ofNamespace, names));
}

void Look::keepUnmanaged(std::vector<Object> objects, const Scope& scope) {
    Claims claims;
    for (const Object& object : objects) addClaims(object, claims);
    for (const Wanted& one : wanted_) addClaims(one.git, claims);
    for (Object& object : objects) {
        const std::string address = object.address();
        const auto isHere = [&](const Object& other) { return other.address() == address; };
        const bool isCounted =
            scope.ofNamespace.empty() ? isTracked(object) : object.space == scope.ofNamespace;
        if (isCounted && !isWanted(address) && !isOfCluster(object) && !isClaim(object, claims) &&
            std::ranges::none_of(unmanaged_, isHere) && std::ranges::none_of(removed_, isHere))
            unmanaged_.push_back(std::move(object));
    }
}

}  // namespace driftkeeper::kubernetes
