#pragma once

#include <array>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "parsers/gitops/custom_resource.hpp"
#include "parsers/gitops/documents.hpp"
#include "parsers/source/source_file.hpp"

// The objects of Flux 2.x: source.toolkit.fluxcd.io, kustomize.toolkit.fluxcd.io/v1,
// helm.toolkit.fluxcd.io/v2 (API reference of source-controller 1.7, kustomize-controller 1.9,
// helm-controller 1.6). Versions do not matter: kubectl answers in the one that the cluster
// prefers, and what is read here is the same in all since v1beta2.
namespace driftkeeper::flux {

struct FluxKind {
    std::string_view kind;
    std::string_view group;
    std::string_view plural;

    [[nodiscard]] std::string type() const { return std::string(kind) + "." + std::string(group); }
    [[nodiscard]] std::string resource() const {
        return std::string(plural) + "." + std::string(group);
    }
};

inline constexpr std::string_view sourceGroup = "source.toolkit.fluxcd.io";
inline constexpr std::string_view kustomizeGroup = "kustomize.toolkit.fluxcd.io";
inline constexpr std::string_view helmGroup = "helm.toolkit.fluxcd.io";

inline constexpr std::array<FluxKind, 6> fluxKinds = {
    {{"GitRepository", sourceGroup, "gitrepositories"},
     {"OCIRepository", sourceGroup, "ocirepositories"},
     {"Bucket", sourceGroup, "buckets"},
     {"HelmRepository", sourceGroup, "helmrepositories"},
     {"Kustomization", kustomizeGroup, "kustomizations"},
     {"HelmRelease", helmGroup, "helmreleases"}}};

bool isFlux(const gitops::ObjectName& name) noexcept;
bool isFluxObject(const Json& object);
inline constexpr gitops::Wanted fluxObjects{"toolkit.fluxcd.io", isFluxObject};

// A stack is a topmost folder that declares Flux objects (gitops/folders.hpp).
std::vector<DiscoveredStack> discoverFlux(const std::vector<SourceFile>& files);

// What an object refers to by a member {kind, name, namespace?} such as spec.sourceRef.
gitops::ObjectName sourceOf(const Json& reference, std::string_view space);

// Where a Kustomization or a HelmRelease takes its content from; an empty name: nowhere that is
// known.
gitops::ObjectName sourceOf(const Json& object);

// The kinds of which a look needs the objects: the declared ones and the sources they refer to, and
// those of addresses that are remembered.
std::vector<FluxKind> kindsFor(const std::vector<Json>& declared,
                               const std::map<std::string, std::string>& remembered = {});

// status.inventory.entries[].id, "<namespace>_<name>_<group>_<Kind>" with ':' in names as "__"; an
// empty kind for a text that is none.
gitops::ObjectName inventoryName(std::string_view id);

}  // namespace driftkeeper::flux
