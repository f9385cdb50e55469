#include "parsers/kubernetes/discovery.hpp"

#include <algorithm>
#include <array>
#include <map>
#include <optional>
#include <set>
#include <unordered_map>

#include "parsers/argocd/argocd_kinds.hpp"
#include "parsers/flux/flux_kinds.hpp"
#include "parsers/gitops/kustomization.hpp"
#include "parsers/gitops/manifest_text.hpp"
#include "parsers/kubernetes/documents.hpp"
#include "parsers/terraform/source_path.hpp"

namespace driftkeeper::kubernetes {
namespace {

using gitops::Kustomization;
using terraform::fileName;
using terraform::folderOf;
using terraform::resolved;

// The folders of a chart that are its own.
constexpr std::array<std::string_view, 4> chartFolders = {"templates", "charts", "crds", "ci"};

// Whose objects the documents of a file are.
struct Kinds {
    bool ours = false;
    bool reconcilers = false;
    bool templates = false;  // of objects, which another program fills in

    void add(const Kinds& other) {
        ours = ours || other.ours;
        reconcilers = reconcilers || other.reconcilers;
        templates = templates || other.templates;
    }
};

bool isReconcilers(const ManifestHead& head) {
    const gitops::ObjectName name{head.kind, head.group(), {}, {}};
    return flux::isFlux(name) || argocd::isArgo(name);
}

Kinds kindsOf(const SourceFile& file) {
    Kinds kinds;
    if (!isManifestFile(fileName(file.path))) return kinds;
    const auto documents = yamlDocuments(file.text);
    if (std::ranges::any_of(documents, isOtherProgramsTemplate)) {
        kinds.templates = std::ranges::any_of(
            documents, [](std::string_view one) { return headOf(one).isClusterObject(); });
        return kinds;
    }
    for (const std::string_view document : documents) {
        const ManifestHead head = headOf(document);
        if (head.isClusterObject()) (isReconcilers(head) ? kinds.reconcilers : kinds.ours) = true;
    }
    return kinds;
}

struct Folder {
    std::vector<const SourceFile*> files;
    std::optional<Kustomization> kustomization;
    bool isChart = false;
    bool isLibrary = false;
};

// What a kustomization is made of, itself not.
struct Reach {
    std::set<std::string> paths;  // folders and files
    bool isRemote = false;        // some of it lies elsewhere
};

// The repository, folder by folder; each file is read once.
class Tree {
public:
    explicit Tree(const std::vector<SourceFile>& files) {
        for (const SourceFile& file : files) {
            Folder& folder = folders_[folderOf(file.path)];
            folder.files.push_back(&file);
            files_.emplace(file.path, &file);
            const std::string_view name = fileName(file.path);
            if (gitops::isKustomizationFile(name))
                folder.kustomization = gitops::readKustomization(file.text);
            if (name == "Chart.yaml") readChart(folder, file.text);
        }
    }

    [[nodiscard]] const std::map<std::string, Folder, std::less<>>& folders() const noexcept {
        return folders_;
    }

    [[nodiscard]] Reach reach(const std::string& start) const {
        Reach found;
        std::vector<std::string> waiting{start};
        while (!waiting.empty()) {
            const std::string name = std::move(waiting.back());
            waiting.pop_back();
            const auto at = folders_.find(name);
            if (at == folders_.end() || !at->second.kustomization) continue;
            for (std::string& path : partsOf(name, *at->second.kustomization, found))
                if (found.paths.insert(path).second) waiting.push_back(std::move(path));
        }
        return found;
    }

    [[nodiscard]] bool isInChart(const std::string& folder) const {
        for (std::string below = folder; below != ".";) {
            std::string above = folderOf(below);
            const bool isOwn =
                std::ranges::find(chartFolders, fileName(below)) != chartFolders.end();
            const auto chart = folders_.find(above);
            if (isOwn && chart != folders_.end() && chart->second.isChart) return true;
            below = std::move(above);
        }
        return false;
    }

    Kinds kinds(const SourceFile& file) {
        const auto [place, isNew] = kinds_.try_emplace(&file);
        if (isNew) place->second = kindsOf(file);
        return place->second;
    }

    // Only what Flux or Argo CD look at, as far as the files say it.
    bool isReconcilersOnly(const Reach& reached) {
        Kinds kinds{.ours = reached.isRemote};
        for (const std::string& path : reached.paths)
            if (const auto file = files_.find(path); file != files_.end())
                kinds.add(this->kinds(*file->second));
        return kinds.reconcilers && !kinds.ours;
    }

private:
    static void readChart(Folder& folder, std::string_view text) {
        const auto version = gitops::firstLevel(text, "apiVersion");
        folder.isChart = version == "v1" || version == "v2";
        folder.isLibrary = gitops::firstLevel(text, "type") == "library";
    }

    [[nodiscard]] std::vector<std::string> partsOf(const std::string& folder,
                                                   const Kustomization& kustomization,
                                                   Reach& found) const {
        std::vector<std::string> parts;
        const auto add = [&](const std::string& entry, bool isBuiltOn) {
            const auto path = gitops::isRemote(entry) ? std::nullopt : resolved(folder, entry);
            if (path && *path != folder && exists(*path))
                parts.push_back(*path);
            else if (isBuiltOn)
                found.isRemote = true;
        };
        for (const std::string& entry : kustomization.builtOn) add(entry, true);
        for (const std::string& entry : kustomization.reads) add(entry, false);
        return parts;
    }

    [[nodiscard]] bool exists(const std::string& path) const {
        return folders_.contains(path) || files_.contains(path);
    }

    std::map<std::string, Folder, std::less<>> folders_;
    std::unordered_map<std::string_view, const SourceFile*> files_;
    std::unordered_map<const SourceFile*, Kinds> kinds_;
};

std::vector<std::string> closureFrom(const std::string& folder, Reach reached) {
    reached.paths.insert(folder);
    return {reached.paths.begin(), reached.paths.end()};
}

}  // namespace

bool isSourceFile(std::string_view path) noexcept {
    const std::string_view name = fileName(path);
    return isManifestFile(name) || gitops::isKustomizationFile(name);
}

bool isManifestFile(std::string_view name) noexcept {
    const bool isNamedSo =
        name.ends_with(".yaml") || name.ends_with(".yml") || name.ends_with(".json");
    return isNamedSo && !name.starts_with('.') && !gitops::isKustomizationFile(name);
}

SourceKind sourceKindOf(const std::vector<std::string>& names) noexcept {
    if (std::ranges::any_of(names, gitops::isKustomizationFile)) return SourceKind::Kustomization;
    return std::ranges::find(names, "Chart.yaml") != names.end() ? SourceKind::Chart
                                                                 : SourceKind::Manifests;
}

std::vector<DiscoveredStack> discoverStacks(const std::vector<SourceFile>& files) {
    Tree tree(files);
    std::map<std::string, Reach> reachOf;  // of every kustomization
    std::set<std::string_view> used;
    for (const auto& [name, folder] : tree.folders()) {
        if (!folder.kustomization) continue;
        const Reach& reached = reachOf[name] = tree.reach(name);
        for (const std::string& path : reached.paths)
            if (path != name) used.insert(path);
    }
    std::vector<DiscoveredStack> stacks;
    for (const auto& [name, folder] : tree.folders()) {
        if (used.contains(name) || tree.isInChart(name)) continue;
        if (folder.kustomization) {
            Reach& reached = reachOf[name];
            if (folder.kustomization->isComponent || tree.isReconcilersOnly(reached)) continue;
            stacks.push_back({name, "kubernetes", closureFrom(name, reached)});
            continue;
        }
        Kinds kinds;
        for (const SourceFile* file : folder.files)
            if (!used.contains(file->path)) kinds.add(tree.kinds(*file));
        if (folder.isChart ? folder.isLibrary : !kinds.ours && !kinds.templates) continue;
        stacks.push_back({name, "kubernetes", {name}});
        if (!folder.isChart && !kinds.ours) stacks.back().leftOut = "template";
    }
    return stacks;
}

std::vector<std::string> closureOf(std::string_view folder, const std::vector<SourceFile>& files) {
    const std::string name(folder);
    return closureFrom(name, Tree(files).reach(name));
}

}  // namespace driftkeeper::kubernetes
