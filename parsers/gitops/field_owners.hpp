#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include "parsers/json/json.hpp"

// metadata.managedFields (FieldsV1 of apimachinery 0.35): who wrote which field last.
namespace driftkeeper::gitops {

// A step into an object: the key of a member, or empty for any element of a list.
using FieldPath = std::vector<std::string>;

struct FieldOwner {
    std::string manager;
    std::string time;  // as Kubernetes writes it; may be empty
    bool isApplier =
        false;  // what applies Git: Flux, Argo CD, helm, anything that applies on the server's side

    // Neither what applies Git nor a controller.
    [[nodiscard]] bool isPerson() const;
    [[nodiscard]] std::string forPeople() const;  // "kubectl-edit, 2026-11-22T10:00:00Z"
};

// The last writer of a field, an applier only when nobody else owns it. nullopt: nobody says so.
std::optional<FieldOwner> ownerOf(const Json& object, const FieldPath& path);

// When anything but the status was written last. nullopt: not known.
std::optional<std::chrono::sys_seconds> lastWriteOf(const Json& object);

}  // namespace driftkeeper::gitops
