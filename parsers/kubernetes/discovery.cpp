#include "parsers/kubernetes/discovery.hpp"

#include <algorithm>
#include <array>
#include <map>
#include <optional>
#include <set>

#include "parsers/kubernetes/documents.hpp"
#include "parsers/yaml/yaml.hpp"

namespace driftkeeper::kubernetes {
namespace {

std::string folderOf(std::string_view path) {
    const std::size_t slash = path.rfind('/');
    return slash == std::string_view::npos ? "." : std::string(path.substr(0, slash));
}

std::string_view nameIn(std::string_view path) {
    const std::size_t slash = path.rfind('/');
    return slash == std::string_view::npos ? path : path.substr(slash + 1);
}

// `entry` from `folder`, without . and ..; nullopt: outside of the repository.
std::optional<std::string> joined(std::string_view folder, std::string_view entry) {
    std::vector<std::string_view> parts;
    const std::string whole = std::string(folder) + "/" + std::string(entry);
    for (std::string_view rest = whole; !rest.empty();) {
        const std::size_t end = std::min(rest.find('/'), rest.size());
        const std::string_view part = rest.substr(0, end);
        rest.remove_prefix(std::min(end + 1, rest.size()));
        if (part.empty() || part == ".") continue;
        if (part != "..")
            parts.push_back(part);
        else if (parts.empty())
            return std::nullopt;
        else
            parts.pop_back();
    }
    std::string result;
    for (const auto& part : parts) result += (result.empty() ? "" : "/") + std::string(part);
    return result.empty() ? "." : result;
}

bool isBelow(std::string_view path, std::string_view folder) {
    return folder == "." || path == folder || (path.starts_with(folder) && path[folder.size()] == '/');
}

// Every text in a list or a map that may name a file.
void collectTexts(const YamlNode& node, std::vector<std::string>& found) {
    if (node.kind == YamlNode::Kind::Scalar && node.scalar.find('\n') == std::string::npos) {
        const std::size_t at = node.scalar.find('=');  // generators: NAME=FILE
        found.push_back(at == std::string::npos ? node.scalar : node.scalar.substr(at + 1));
    }
    for (const YamlNode& item : node.sequence) collectTexts(item, found);
    for (const YamlEntry& entry : node.mapping) collectTexts(entry.value, found);
}

bool isReconcilers(const ManifestHead& head) {
    return head.apiVersion.find(".toolkit.fluxcd.io/") != std::string::npos ||
           head.apiVersion.starts_with("argoproj.io/");
}

// The repository, folder by folder.
struct Tree {
    struct Folder {
        std::vector<const SourceFile*> files;
        std::optional<KustomizationFile> kustomization;
        bool isChart = false;
        bool isLibrary = false;
    };
    std::map<std::string, Folder, std::less<>> folders;

    explicit Tree(const std::vector<SourceFile>& files) {
        for (const SourceFile& file : files) {
            Folder& folder = folders[folderOf(file.path)];
            folder.files.push_back(&file);
            const std::string_view name = nameIn(file.path);
            if (isKustomizationFile(name)) folder.kustomization = readKustomization(file.text);
            if (name == "Chart.yaml") readChart(folder, file.text);
        }
    }

    static void readChart(Folder& folder, std::string_view text) {
        const YamlDocument read = parseYaml(text);
        const YamlNode* version = read.root.find("apiVersion");
        folder.isChart = version != nullptr && (version->scalar == "v1" || version->scalar == "v2");
        const YamlNode* type = read.root.find("type");
        folder.isLibrary = type != nullptr && type->scalar == "library";
    }

    // Folders and files that a kustomization reaches, itself not.
    void reach(const std::string& folder, std::set<std::string>& found) const {
        const auto at = folders.find(folder);
        if (at == folders.end() || !at->second.kustomization) return;
        for (const auto* entries : {&at->second.kustomization->uses, &at->second.kustomization->further})
            for (const std::string& entry : *entries) {
                const auto path = isRemote(entry) ? std::nullopt : joined(folder, entry);
                if (path && exists(*path) && found.insert(*path).second) reach(*path, found);
            }
    }

    [[nodiscard]] bool exists(const std::string& path) const {
        if (folders.contains(path)) return true;
        const auto at = folders.find(folderOf(path));
        return at != folders.end() &&
               std::ranges::any_of(at->second.files, [&](const SourceFile* file) { return file->path == path; });
    }

    [[nodiscard]] bool isInChart(std::string_view folder) const {
        return std::ranges::any_of(folders, [&](const auto& one) {
            return one.second.isChart && one.first != folder && isBelow(folder, one.first);
        });
    }
};

struct Kinds {
    bool ours = false;
    bool reconcilers = false;
};

void count(const SourceFile& file, Kinds& kinds) {
    if (!isManifestFile(nameIn(file.path))) return;
    for (const std::string_view document : yamlDocuments(file.text)) {
        const ManifestHead head = headOf(document);
        if (!head.isObject()) continue;
        (isReconcilers(head) ? kinds.reconcilers : kinds.ours) = true;
    }
}

Kinds kindsIn(const Tree& tree, const std::string& folder) {
    Kinds kinds;
    for (const SourceFile* file : tree.folders.find(folder)->second.files) count(*file, kinds);
    return kinds;
}

// Only what Flux or Argo CD read, as far as the files say it.
bool isReconcilersOnly(const Tree& tree, const std::string& folder, const std::set<std::string>& reached) {
    Kinds kinds = kindsIn(tree, folder);
    for (const std::string& path : reached)
        for (const auto& [name, one] : tree.folders)
            for (const SourceFile* file : one.files)
                if (file->path == path || name == path) count(*file, kinds);
    return kinds.reconcilers && !kinds.ours;
}

}  // namespace

bool isSourceFile(std::string_view path) noexcept {
    const std::string_view name = nameIn(path);
    return isManifestFile(name) || isKustomizationFile(name);
}

bool isKustomizationFile(std::string_view name) noexcept {
    return name == "kustomization.yaml" || name == "kustomization.yml" || name == "Kustomization";
}

bool isManifestFile(std::string_view name) noexcept {
    return (name.ends_with(".yaml") || name.ends_with(".yml") || name.ends_with(".json")) && !isKustomizationFile(name);
}

SourceKind sourceKindOf(const std::vector<std::string>& names) noexcept {
    if (std::ranges::any_of(names, [](const std::string& name) { return isKustomizationFile(name); }))
        return SourceKind::Kustomization;
    return std::ranges::find(names, "Chart.yaml") != names.end() ? SourceKind::Chart : SourceKind::Manifests;
}

KustomizationFile readKustomization(std::string_view text) {
    KustomizationFile file;
    const YamlDocument read = parseYaml(text);
    for (const YamlEntry& entry : read.root.mapping) {
        const std::string& key = entry.key.scalar;
        const bool isUse = key == "resources" || key == "bases" || key == "components";
        collectTexts(entry.value, isUse ? file.uses : file.further);
    }
    if (const YamlNode* kind = read.root.find("kind")) file.isComponent = kind->scalar == "Component";
    return file;
}

bool isRemote(std::string_view entry) noexcept {
    return entry.find("://") != std::string_view::npos || entry.starts_with("git@") || entry.starts_with("git::") ||
           entry.find("?ref=") != std::string_view::npos || entry.starts_with("github.com/") ||
           entry.starts_with("gitlab.com/") || entry.starts_with("bitbucket.org/");
}

std::vector<DiscoveredStack> discoverStacks(const std::vector<SourceFile>& files) {
    const Tree tree(files);
    std::map<std::string, std::set<std::string>> reachedBy;  // a kustomization -> what it reaches
    std::set<std::string> used;
    for (const auto& [name, folder] : tree.folders) {
        if (!folder.kustomization) continue;
        tree.reach(name, reachedBy[name]);
        for (const std::string& path : reachedBy[name])
            if (path != name) used.insert(path);
    }
    std::vector<DiscoveredStack> stacks;
    for (const auto& [name, folder] : tree.folders) {
        if (used.contains(name) || tree.isInChart(name)) continue;
        const bool isRoot = folder.kustomization && !folder.kustomization->isComponent &&
                            !isReconcilersOnly(tree, name, reachedBy[name]);
        const bool isPlain =
            !folder.kustomization && !folder.isChart && std::ranges::any_of(folder.files, [&](const SourceFile* file) {
                Kinds kinds;
                if (!used.contains(file->path)) count(*file, kinds);
                return kinds.ours;
            });
        if (isRoot || isPlain || (folder.isChart && !folder.isLibrary))
            stacks.push_back({name, "kubernetes", closureOf(name, files)});
    }
    return stacks;
}

std::vector<std::string> closureOf(std::string_view folder, const std::vector<SourceFile>& files) {
    const Tree tree(files);
    std::set<std::string> found;
    tree.reach(std::string(folder), found);
    found.insert(std::string(folder));
    return {found.begin(), found.end()};
}

}  // namespace driftkeeper::kubernetes
