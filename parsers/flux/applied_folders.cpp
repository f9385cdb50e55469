#include "parsers/flux/applied_folders.hpp"

#include <algorithm>

#include "parsers/flux/flux_kinds.hpp"
#include "parsers/gitops/folders.hpp"
#include "parsers/terraform/source_path.hpp"

namespace driftkeeper::flux {
namespace {

constexpr std::string_view bootstrapped = "flux-system";

bool isKustomization(const Json& object) {
    const auto name = gitops::nameOf(object);
    return name.kind == "Kustomization" && name.group == kustomizeGroup;
}

constexpr gitops::Wanted kustomizations{kustomizeGroup, isKustomization};

struct Applied {
    std::string source;  // empty: this repository, as far as the files say
    gitops::AppliedFolder folder;
};

constexpr std::string_view generatorGroup = "source.extensions.fluxcd.io";

bool isGenerator(const Json& object) {
    return gitops::nameOf(object).kind == "ArtifactGenerator";
}

constexpr gitops::Wanted generators{generatorGroup, isGenerator};

// What an artifact has of a folder of the repository.
struct Copy {
    std::string from;  // folders, "" for the whole
    std::string to;
};
using Artifacts = std::map<std::string, std::vector<Copy>>;

// @ALIAS/apps/** -> apps
std::string folderOfGlob(std::string_view text) {
    text.remove_prefix(std::min(text.find('/'), text.size()));
    const auto path = terraform::resolved(
        ".", text.substr(0, text.find('*')).substr(text.starts_with('/') ? 1 : 0));
    return path && *path != "." ? *path : std::string();
}

// The artifacts that ArtifactGenerators make of a repository (source-watcher 2,
// source.extensions.fluxcd.io/v1beta1). Each cluster may have one of a name.
void addArtifacts(const SourceFile& file, Artifacts& artifacts) {
    for (const Json& object : gitops::documentsOf(file.text, generators).objects)
        for (const Json& one : object["spec"]["artifacts"].elements())
            for (const Json& copy : one["copy"].elements())
                artifacts[std::string(one["name"].string())].push_back(
                    {folderOfGlob(copy["from"].string()), folderOfGlob(copy["to"].string())});
}

// The folders that a path within an artifact is made of.
std::vector<std::string> originsOf(const std::string& path, const std::vector<Copy>& copies) {
    std::vector<std::string> origins;
    const auto inside = terraform::resolved(".", path).value_or(".");
    for (const auto& [from, to] : copies) {
        if (!to.empty() && inside != to && !inside.starts_with(to + "/")) continue;
        const auto rest = inside == "." ? std::string() : inside.substr(to.size());
        origins.push_back(from + (rest.empty() || rest.starts_with('/') ? "" : "/") + rest);
    }
    return origins;
}

}  // namespace

std::set<std::string> appliedFolders(const std::vector<SourceFile>& files) {
    const auto watched = gitops::filesOfStacks(fluxObjects, files);
    std::vector<Applied> all;
    Artifacts artifacts;
    for (const auto& file : files)
        if (watched.contains(file.path) && file.text.contains(generatorGroup))
            addArtifacts(file, artifacts);
    for (const auto& file : files) {
        if (!watched.contains(file.path) || !file.text.contains(kustomizeGroup)) continue;
        for (const Json& object : gitops::documentsOf(file.text, kustomizations).objects) {
            const auto source = sourceOf(object);
            const auto path = gitops::withoutVariables(object["spec"]["path"].string());
            // Without a source one is patched in, where the Kustomization is used.
            const bool isOpen = source.kind.empty() && !path.empty();
            if (source.kind == "GitRepository" || isOpen)
                all.push_back({source.name, {path.empty() ? "." : path, true}});
            if (source.kind == "ExternalArtifact")
                for (auto& origin : originsOf(path, artifacts[source.name]))
                    all.push_back({"", {std::move(origin), true}});
        }
    }
    if (std::ranges::find(all, bootstrapped, &Applied::source) != all.end())
        std::erase_if(all, [](const Applied& one) {
            return !one.source.empty() && one.source != bootstrapped;
        });
    std::vector<gitops::AppliedFolder> folders;
    for (auto& one : all) folders.push_back(std::move(one.folder));
    return gitops::appliedFolders(folders, files);
}

}  // namespace driftkeeper::flux
