#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "parsers/kubernetes/field_path.hpp"
#include "parsers/kubernetes/object.hpp"

// Who set which field (FieldsV1 of "Server-Side Apply", Kubernetes v1.35).
namespace driftkeeper::kubernetes {

// True when the owner has the field, something inside of it, or a whole that it is part of.
bool owns(const Owner& owner, const Path& path);

// Fields of an owner that a live object has and that Git does not ask for; a whole list item counts
// once. The paths point into `live`.
std::vector<Path> ownedBeyond(const Owner& owner, const Json& live, const Json& git);

// Who applies the object: `wanted`; else the Apply manager that owns most of what Git asks for;
// else "driftkeeper", who owns nothing.
std::string applierOf(const Object& live, const Json& git, std::string_view wanted);

// True for entries of those who apply what Git asks for: `applier`, kubectl apply and create, helm.
bool isApplier(const Owner& owner, std::string_view applier) noexcept;

// True for the names that controllers, operators and webhooks give themselves; not for what people
// use.
bool isController(std::string_view manager);

// "kubectl-edit, 2026-11-22T10:00:00Z"; scale: "kubectl (scale), …".
std::string describe(const Owner& owner);

}  // namespace driftkeeper::kubernetes
