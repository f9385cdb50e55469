#include "providers/catalog.hpp"

#include <algorithm>
#include <array>
#include <set>

#include "providers/argocd/argocd_provider.hpp"
#include "providers/cloudformation/cloudformation_provider.hpp"
#include "providers/flux/flux_provider.hpp"
#include "providers/kubernetes/kubernetes_provider.hpp"
#include "providers/state/state_provider.hpp"
#include "providers/terraform/terraform_provider.hpp"
#include "providers/terragrunt/terragrunt_provider.hpp"

namespace driftkeeper {
namespace {

// One line per kind; its row stands in its own folder.
// clang-format off
constexpr std::array kinds = {
    &terraformKind,
    &openTofuKind,
    &terragruntKind,
    &stateKind,
    &kubernetesKind,
    &fluxKind,
    &argoKind,
    &cloudformationKind,
};
// clang-format on

std::string nameOf(const DiscoveredStack& stack) {
    return stack.name.empty() ? stack.path : stack.name;
}

std::string_view familyOf(std::string_view provider) {
    const ProviderKind* kind = providerKind(provider);
    return kind == nullptr ? provider : kind->family;
}

}  // namespace

std::span<const ProviderKind* const> providerKinds() noexcept {
    return kinds;
}

const ProviderKind* providerKind(std::string_view name) noexcept {
    const auto* const it = std::ranges::find(kinds, name, &ProviderKind::name);
    return it == kinds.end() ? nullptr : *it;
}

const ProviderKind& usualProvider() noexcept {
    return *kinds.front();
}

bool marksFolder(std::string_view path) noexcept {
    return std::ranges::any_of(kinds,
                               [&](const ProviderKind* kind) { return kind->marksFolder && kind->marksFolder(path); });
}

bool isSourceFile(std::string_view path) noexcept {
    return std::ranges::any_of(kinds, [&](const ProviderKind* kind) { return kind->isSource && kind->isSource(path); });
}

std::vector<DiscoveredStack> discoverAll(const std::vector<SourceFile>& files) {
    std::vector<DiscoveredStack> all;
    std::set<std::pair<std::string_view, std::string>> taken;  // family and path, by an earlier kind
    std::set<std::string> names;
    for (const ProviderKind* kind : kinds) {
        if (kind->discover == nullptr) continue;
        auto found = kind->discover(files);
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
