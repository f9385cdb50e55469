#pragma once

#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "parsers/kubernetes/field_path.hpp"
#include "parsers/kubernetes/object.hpp"

// Who set which field (FieldsV1 of "Server-Side Apply", Kubernetes v1.36).
namespace driftkeeper::kubernetes {

// True when the owner has the field, something inside of it, or a whole that it is part of.
bool owns(const Owner& owner, const Path& path);

// Fields of an owner that a live object has and that Git does not ask for; a whole list item counts
// once. The paths point into `live`.
std::vector<Path> ownedBeyond(const Owner& owner, const Json& live, const Json& git);

// Who applies the object: `wanted`; else the Apply manager that owns most of what Git asks for, if
// no client that updated it before has more; else "driftkeeper", who owns nothing.
std::string applierOf(const Object& live, const Json& git, std::string_view wanted);

// Who writes what Git asks for into a live object. Where nobody applies it on the server's side and
// no known client does, that is whoever created it, or else owns more than half of it: pipelines
// and client libraries have names of their own.
class Appliers {
public:
    // `applier`: applierOf().
    Appliers(const Object& live, const Json& git, std::string_view applier);

    [[nodiscard]] bool contains(const Owner& owner) const;
    // It is one because it created the object: it owns what the server filled in as well.
    [[nodiscard]] bool isCreator(const Owner& owner) const;

private:
    std::string applier_;
    std::string creator_;  // empty: others are known
};

// True for the names that controllers, operators and webhooks give themselves; not for what people
// use.
bool isController(std::string_view manager);

// True for those among the appliers who apply from Git or a chart by themselves.
bool isDeployer(std::string_view manager) noexcept;

// True for an update by what people change single objects with: kubectl edit, k9s, a dashboard.
bool isHandTool(const Owner& owner) noexcept;

// "kubectl-edit, 2026-11-22T10:00:00Z"; scale: "kubectl (scale), …".
std::string describe(const Owner& owner);

}  // namespace driftkeeper::kubernetes
