#include "providers/catalog.hpp"

#include <algorithm>
#include <array>
#include <set>

#include "parsers/cloudformation/parameters_file.hpp"
#include "parsers/cloudformation/template.hpp"
#include "parsers/gitops/kustomization.hpp"
#include "parsers/terraform/configuration.hpp"
#include "parsers/terragrunt/discovery.hpp"
#include "parsers/terragrunt/stack_file.hpp"
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

// Below a folder whose name begins with a dot: an archive, or another tool's. What a stack of
// Terragrunt generates is none.
bool isHidden(std::string_view path) {
    while (!path.empty()) {
        const auto part = path.substr(0, path.find('/'));
        path.remove_prefix(std::min(part.size() + 1, path.size()));
        if (part.starts_with('.') && part != "." && part != terragrunt::generatedFolder)
            return true;
    }
    return false;
}

// What a reconciler applies is its own: only kubectl would look at it as well.
void leaveTo(const ProviderKind& reconciler, const std::set<std::string>& applied,
             std::vector<DiscoveredStack>& all) {
    for (DiscoveredStack& one : all)
        if (one.provider == "kubernetes" && one.leftOut.empty() && applied.contains(one.path))
            one.leftOut = "applied_by_" + std::string(reconciler.name);
}

// Of several stacks with one name the first has it, the others are NAME@PROVIDER, NAME@PROVIDER-2,
// …
void nameOnce(std::vector<DiscoveredStack>& all) {
    std::set<std::string> names;
    for (DiscoveredStack& one : all) {
        if (!one.leftOut.empty() || names.insert(nameOf(one)).second) continue;
        const std::string base = nameOf(one) + "@" + one.provider;
        one.name = base;
        for (int number = 2; !names.insert(one.name).second; ++number)
            one.name = base + "-" + std::to_string(number);
    }
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

std::string_view ownFilesOf(std::string_view name) noexcept {
    const ProviderKind* kind = providerKind(name);
    return kind == nullptr ? usualProvider().ownFiles : kind->ownFiles;
}

std::string ownFileOf(std::string_view name, const ProviderOptions& options) {
    const ProviderKind* kind = providerKind(name);
    if (kind == nullptr) return {};
    for (const std::string& key : splitAtBlanks(kind->ownFileKeys))
        if (auto file = optionOf(options, key); !file.empty()) return file;
    return {};
}

bool marksFolder(std::string_view path) noexcept {
    return std::ranges::any_of(kinds, [&](const ProviderKind* kind) {
        return kind->marksFolder && kind->marksFolder(path);
    });
}

bool isSourceFile(std::string_view path, const WantedKinds& wanted) {
    return std::ranges::any_of(kinds, [&](const ProviderKind* kind) {
        return kind->isSource != nullptr && (!wanted || wanted(*kind)) && kind->isSource(path);
    });
}

bool maySaySomething(std::string_view path, std::string_view text) {
    const auto name = path.substr(path.rfind('/') + 1);
    const bool isGeneral =
        name.ends_with(".json") || name.ends_with(".yaml") || name.ends_with(".yml");
    // A kustomization, a chart and configuration as JSON need no mark.
    if (!isGeneral || terraform::isSourceFile(path) || terragrunt::isSourceFile(path)) return true;
    if (gitops::isKustomizationFile(name) || name == "Chart.yaml") return true;
    return text.contains("apiVersion") || cloudformation::mayBeTemplate(text) ||
           cloudformation::isDeploymentFile(text);
}

std::vector<DiscoveredStack> discoverAll(const std::vector<SourceFile>& files,
                                         const WantedKinds& wanted) {
    const auto isWanted = [&](const ProviderKind& kind) { return !wanted || wanted(kind); };
    std::vector<DiscoveredStack> all;
    std::set<std::pair<std::string_view, std::string>>
        taken;  // family and path, by an earlier kind
    for (const ProviderKind* kind : kinds) {
        const bool isFamilyWanted = std::ranges::any_of(kinds, [&](const ProviderKind* one) {
            return one->family == kind->family && isWanted(*one);
        });
        if (kind->discover == nullptr || !isFamilyWanted) continue;
        auto found = kind->discover(files);
        std::erase_if(found, [&](const DiscoveredStack& one) {
            return taken.contains({familyOf(one.provider), one.path});
        });
        for (DiscoveredStack& one : found) {
            if (one.leftOut.empty()) taken.emplace(familyOf(one.provider), one.path);
            if (one.leftOut.empty() && isHidden(one.path)) one.leftOut = "hidden";
            all.push_back(std::move(one));
        }
    }
    for (const ProviderKind* kind : kinds)
        if (kind->appliedFolders != nullptr && isWanted(*kind))
            leaveTo(*kind, kind->appliedFolders(files), all);
    nameOnce(all);
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
