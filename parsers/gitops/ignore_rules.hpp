#pragma once

#include <string>
#include <vector>

#include "parsers/gitops/custom_resource.hpp"
#include "parsers/gitops/field_owners.hpp"

// What a reconciler was asked to leave alone of the objects that it applies: spec.ignore of a Flux
// Kustomization (1.9), spec.ignoreDifferences of an Argo CD Application,
// spec.ignoreApplicationDifferences of an ApplicationSet, spec.driftDetection.ignore of a
// HelmRelease.
namespace driftkeeper::gitops {

class IgnoreRules {
public:
    IgnoreRules() = default;

    // Adds those that `reconciler` has for `name`.
    void add(const Json& reconciler, const ObjectName& name);

    [[nodiscard]] bool isEmpty() const noexcept { return fields_.empty() && managers_.empty(); }

    // True for a field, with what is inside of it, that one of them names.
    [[nodiscard]] bool covers(const FieldPath& path) const;
    // True for one of whose fields nobody wants to hear.
    [[nodiscard]] bool coversManager(std::string_view manager) const;

    // True for a field of the object, with what is inside of it, that one of them names.
    [[nodiscard]] bool covers(const FieldPath& path, const Json& object) const;

private:
    void addPointer(std::string_view pointer);
    void addExpression(std::string_view expression);

    std::vector<FieldPath> fields_;      // an empty step is any
    std::vector<std::string> managers_;  // whose fields do not count
};

}  // namespace driftkeeper::gitops
