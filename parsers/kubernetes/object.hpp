#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "parsers/json/json.hpp"
#include "parsers/json/value_tags.hpp"
#include "parsers/kubernetes/unknown.hpp"

// Objects of a Kubernetes API as JSON (Kubernetes v1.35, API concepts): what Git asks for, what is
// live, what a dry run says. Secrets are replaced while they are read.
namespace driftkeeper::kubernetes {

// One entry of metadata.managedFields (FieldsV1).
struct Owner {
    std::string manager;
    bool applies = false;     // operation Apply; otherwise Update
    std::string subresource;  // mostly empty
    std::string time;         // RFC 3339
    Json fields;
};

struct Object {
    std::string apiVersion;
    std::string group;  // "" for the core
    std::string kind;
    std::string space;  // its namespace; empty: none
    std::string name;
    std::string uid;
    // Without managedFields and the last-applied annotation; stringData of a Secret is in data.
    // Every secret is
    // {"redacted":"hmac:…"}.
    Json body;
    std::optional<Json> lastApplied;  // what `kubectl apply` noted, in the same shape; nullopt also
                                      // where somebody noted it by hand
    std::vector<Owner> owners;
    Unknown unknown{};  // values of `body` that Git does not tell

    // Deployment.apps; ConfigMap.
    [[nodiscard]] std::string type() const;
    // Deployment.apps/NAMESPACE/NAME, ConfigMap/NAMESPACE/NAME; without a namespace:
    // ClusterRole.GROUP/NAME.
    [[nodiscard]] std::string address() const;
    // As parsers/graph/identity.hpp says it; `cluster`: the server's URL.
    [[nodiscard]] std::string identity(std::string_view cluster) const;
};

// The address of something that is only named.
std::string addressOf(std::string_view type, std::string_view space, std::string_view name);

// What an address names: {type, namespace, name}; nullopt for what is no address.
struct ObjectName {
    std::string type, space, name;
};
std::optional<ObjectName> objectNameFrom(std::string_view address);

// One JSON object after the other, as kubectl prints them: each begins in a line of its own. Points
// into the text.
std::vector<std::string_view> splitObjects(std::string_view text);

// The objects in a text: a List, single objects, or nothing. Fails with `invalid_json` (Report).
Result<std::vector<Object>> readObjects(std::string_view text, const ValueTags& tags);

Object objectFrom(Json body, const ValueTags& tags);

// Says whether two renderings ask for the same. Without what every rendering may set anew.
std::string renderedTag(const Object& object, const ValueTags& tags);

}  // namespace driftkeeper::kubernetes
