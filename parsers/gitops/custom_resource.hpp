#pragma once

#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "parsers/json/json.hpp"
#include "parsers/result.hpp"

// What every Kubernetes object has: a name, metadata, conditions (meta/v1 of apimachinery).
namespace driftkeeper::gitops {

struct ObjectName {
    std::string kind;
    std::string group;  // empty: the core group
    std::string space;  // the namespace; empty: the cluster's
    std::string name;

    [[nodiscard]] std::string type() const;  // Kind.group; Kind in the core group
    [[nodiscard]] std::string address()
        const;  // Kind.group/namespace/name; without a namespace Kind.group/name
    [[nodiscard]] std::string forPeople() const;  // "Kustomization flux-system/apps"

    auto operator<=>(const ObjectName&) const = default;
};

// By the members apiVersion, kind and metadata; `space` where there is no namespace.
ObjectName nameOf(const Json& object, std::string_view space = {});

struct Condition {
    std::string status;  // True False Unknown; empty: there is none
    std::string reason;
    std::string message;                  // as it is: may hold secrets
    std::int64_t observedGeneration = 0;  // 0: not said

    [[nodiscard]] bool is(std::string_view word) const noexcept { return status == word; }
};

Condition conditionOf(const Json& object, std::string_view type);

// A member of metadata.annotations or metadata.labels; empty: not there.
std::string_view annotationOf(const Json& object, std::string_view name);
std::string_view labelOf(const Json& object, std::string_view name);

// The whole number, or 0.
std::int64_t numberOf(const Json& value) noexcept;

// The objects of what `kubectl get -o json` prints: a List, or one object. Fails with
// `output_unreadable` (Report).
Result<std::vector<Json>> objectsOf(std::string_view text);

}  // namespace driftkeeper::gitops
