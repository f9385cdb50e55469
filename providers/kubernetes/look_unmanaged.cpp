#include <algorithm>
#include <array>

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
    return !meta["ownerReferences"].items.empty() || !meta["deletionTimestamp"].isNull() ||
           (object.kind == "ConfigMap" && object.name == "kube-root-ca.crt") ||
           (object.kind == "ServiceAccount" && object.name == "default") ||
           (object.kind == "Secret" && (secretType.starts_with("helm.sh/release") ||
                                        secretType == "kubernetes.io/service-account-token"));
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
    if (!isTracking && spaces.empty()) return {};
    if (!isAllDecoded_) return {};
    auto result = runner_.run(typesCall(session_));
    if (!result) return std::unexpected(result.error());
    if (result->status != 0) return std::unexpected(whyFailed(*result, secrets_));
    auto types = lines(result->out);
    const auto& excluded = listOf(workspace_.options, "exclude_types");
    std::erase_if(types, [&](const std::string& type) {
        return !isListed(type) || std::ranges::find(excluded, type) != excluded.end();
    });
    if (isTracking)
        if (auto found = findUnmanagedIn(types, {"", label}, true); !found) return found;
    for (const std::string& space : spaces)
        if (auto found = findUnmanagedIn(types, {space, ""}, false); !found) return found;
    return {};
}

Outcome<void> Look::findUnmanagedIn(const std::vector<std::string>& types, const Scope& scope,
                                    bool isTracking) {
    auto result = runner_.run(listCall(session_, types, scope));
    if (!result) return std::unexpected(result.error());
    if (result->status != 0) {
        const Reason why = whyFailed(*result, secrets_);
        if (concernsAll(why)) return std::unexpected(why);
        unreadable(why, "");  // and the types that may be listed were printed nevertheless
    }
    auto objects = readObjects(result->out, tags_);
    if (!objects) return std::unexpected(reason("output_unreadable"));
    for (Object& object : *objects) {
        const std::string address = object.address();
        const auto isHere = [&](const Object& other) { return other.address() == address; };
        const bool isCounted = isTracking ? isTracked(object) : object.space == scope.ofNamespace;
        if (isCounted && !isWanted(address) && !isOfCluster(object) &&
            std::ranges::none_of(unmanaged_, isHere) && std::ranges::none_of(removed_, isHere))
            unmanaged_.push_back(std::move(object));
    }
    return {};
}

}  // namespace driftkeeper::kubernetes
