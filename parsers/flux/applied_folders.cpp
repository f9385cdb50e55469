#include "parsers/flux/applied_folders.hpp"

#include <algorithm>

#include "parsers/flux/flux_kinds.hpp"
#include "parsers/gitops/folders.hpp"

namespace driftkeeper::flux {
namespace {

constexpr std::string_view bootstrapped = "flux-system";

bool isKustomization(const Json& object) {
    const auto name = gitops::nameOf(object);
    return name.kind == "Kustomization" && name.group == kustomizeGroup;
}

constexpr gitops::Wanted kustomizations{kustomizeGroup, isKustomization};

struct Applied {
    std::string source;
    gitops::AppliedFolder folder;
};

}  // namespace

std::set<std::string> appliedFolders(const std::vector<SourceFile>& files) {
    const auto watched = gitops::filesOfStacks(fluxObjects, files);
    std::vector<Applied> all;
    for (const auto& file : files) {
        if (!watched.contains(file.path) || !file.text.contains(kustomizeGroup)) continue;
        for (const Json& object : gitops::documentsOf(file.text, kustomizations).objects) {
            const auto source = sourceOf(object);
            const std::string path(object["spec"]["path"].string());
            if (source.kind == "GitRepository")
                all.push_back({source.name, {path.empty() ? "." : path, true}});
        }
    }
    if (std::ranges::find(all, bootstrapped, &Applied::source) != all.end())
        std::erase_if(all, [](const Applied& one) { return one.source != bootstrapped; });
    std::vector<gitops::AppliedFolder> folders;
    for (auto& one : all) folders.push_back(std::move(one.folder));
    return gitops::appliedFolders(folders, files);
}

}  // namespace driftkeeper::flux
