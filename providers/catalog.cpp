#include "providers/catalog.hpp"

#include <algorithm>
#include <array>
#include <set>

#include "parsers/argocd/argocd_kinds.hpp"
#include "parsers/cloudformation/discovery.hpp"
#include "parsers/flux/flux_kinds.hpp"
#include "parsers/gitops/folders.hpp"
#include "parsers/kubernetes/discovery.hpp"
#include "parsers/terraform/configuration.hpp"
#include "parsers/terragrunt/discovery.hpp"
#include "providers/argocd/argocd_provider.hpp"
#include "providers/cloudformation/cloudformation_provider.hpp"
#include "providers/flux/flux_provider.hpp"
#include "providers/kubernetes/kubernetes_provider.hpp"
#include "providers/state/state_provider.hpp"
#include "providers/terraform/terraform_provider.hpp"
#include "providers/terragrunt/terragrunt_provider.hpp"

namespace driftkeeper {
namespace {

constexpr std::string_view terraformFamily = "terraform";

bool isTerraformFile(std::string_view path) noexcept {
    return terraform::isConfigurationFile(path) || terraform::isVersionFile(path);
}

constexpr std::array kinds = {
    // Finds the stacks of the whole family: who plans a folder is told by all of its files.
    ProviderKind{"terraform",
                 terraformFamily,
                 true,
                 {},
                 isTerraformFile,
                 terragrunt::discoverStacks,
                 terraform::closureOf,
                 makeTerraformProvider},
    ProviderKind{
        "opentofu", terraformFamily, true, {}, isTerraformFile, nullptr, terraform::closureOf, makeOpenTofuProvider},
    ProviderKind{"terragrunt", terraformFamily, true, terragruntOptions, terragrunt::isSourceFile, nullptr,
                 terragrunt::closureOf, makeTerragruntProvider},
    ProviderKind{"state", terraformFamily, false, stateOptions, isTerraformFile, nullptr, terraform::closureOf,
                 makeStateProvider},
    ProviderKind{"kubernetes", "kubernetes", false, kubernetesOptions, kubernetes::isSourceFile,
                 kubernetes::discoverStacks, kubernetes::closureOf, makeKubernetesProvider},
    ProviderKind{"flux", "flux", false, fluxOptions, gitops::isManifest, flux::discoverFlux, gitops::closureWith,
                 makeFluxProvider},
    ProviderKind{"argocd", "argocd", false, argoOptions, gitops::isManifest, argocd::discoverArgo, gitops::closureWith,
                 makeArgoProvider},
    ProviderKind{"cloudformation", "cloudformation", false, cloudformationOptions, cloudformation::isSource,
                 cloudformation::discover, cloudformation::closureOf, makeCloudformationProvider},
};

std::string nameOf(const DiscoveredStack& stack) {
    return stack.name.empty() ? stack.path : stack.name;
}

std::string_view familyOf(std::string_view provider) {
    const ProviderKind* kind = providerKind(provider);
    return kind == nullptr ? provider : kind->family;
}

}  // namespace

std::span<const ProviderKind> providerKinds() noexcept {
    return kinds;
}

const ProviderKind* providerKind(std::string_view name) noexcept {
    const auto* const it = std::ranges::find(kinds, name, &ProviderKind::name);
    return it == kinds.end() ? nullptr : &*it;
}

bool isSourceFile(std::string_view path) noexcept {
    return std::ranges::any_of(kinds, [&](const ProviderKind& kind) { return kind.isSource && kind.isSource(path); });
}

std::vector<DiscoveredStack> discoverAll(const std::vector<SourceFile>& files) {
    std::vector<DiscoveredStack> all;
    std::set<std::pair<std::string_view, std::string>> taken;  // family and path, by an earlier kind
    std::set<std::string> names;
    for (const ProviderKind& kind : kinds) {
        if (kind.discover == nullptr) continue;
        auto found = kind.discover(files);
        std::erase_if(found, [&](const DiscoveredStack& one) {
            return taken.contains({familyOf(one.provider), one.path});
        });
        for (DiscoveredStack& one : found) {
            taken.emplace(familyOf(one.provider), one.path);
            if (!names.insert(nameOf(one)).second) names.insert(one.name = nameOf(one) + "@" + one.provider);
            all.push_back(std::move(one));
        }
    }
    std::ranges::stable_sort(all, {}, &DiscoveredStack::path);
    return all;
}

std::vector<std::string> closureOf(std::string_view provider, std::string_view folder,
                                   const std::vector<SourceFile>& files) {
    const ProviderKind* kind = providerKind(provider);
    if (kind == nullptr || kind->closureOf == nullptr) return {std::string(folder)};
    return kind->closureOf(folder, files);
}

}  // namespace driftkeeper
