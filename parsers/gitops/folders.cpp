#include "parsers/gitops/folders.hpp"

#include <algorithm>
#include <array>
#include <map>
#include <optional>
#include <set>

#include "parsers/gitops/kustomization.hpp"
#include "parsers/terraform/possible_texts.hpp"
#include "parsers/terraform/source_path.hpp"

namespace driftkeeper::gitops {
namespace {

using terraform::fileName;
using terraform::folderOf;
using terraform::resolved;

// The folders of a chart that are its own: what else lies below a Chart.yaml is not part of it.
constexpr std::array<std::string_view, 4> chartFolders = {"templates", "charts", "crds", "ci"};

bool isHidden(std::string_view path) {
    return (path.starts_with('.') && !path.starts_with("./")) ||
           path.find("/.") != std::string_view::npos;
}

// Of the files of a chart, as far as `charts` (folders) are ones.
bool isInChart(const std::string& path, const std::set<std::string>& charts) {
    if (charts.empty()) return false;
    for (std::string below = folderOf(path); below != ".";) {
        std::string above = folderOf(below);
        if (std::ranges::find(chartFolders, fileName(below)) != chartFolders.end() &&
            charts.contains(above))
            return true;
        below = std::move(above);
    }
    return false;
}

bool isWithin(std::string_view path, std::string_view folder) {
    if (folder == "." || path == folder) return true;
    return path.starts_with(folder) && path.size() > folder.size() && path[folder.size()] == '/';
}

std::optional<Kustomization> kustomizationIn(const SourceFile& file) {
    return isKustomizationFile(fileName(file.path)) ? readKustomization(file.text) : std::nullopt;
}

// A path as a kustomization writes it.
std::optional<std::string> pathOf(const std::string& folder, std::string_view text) {
    return isRemote(text) ? std::nullopt : resolved(folder, text);
}

struct Folder {
    std::vector<const SourceFile*> files;
    std::optional<Kustomization> kustomization;
    std::set<std::string> folders;  // directly below
};

// What a folder is made of.
struct Parts {
    std::set<std::string> folders;
    std::set<std::string> kustomizations;
    std::set<std::string> files;  // of raw folders and those that kustomizations name
    std::set<std::string> remotes;
};

class Tree {
public:
    explicit Tree(const std::vector<SourceFile>& files) {
        std::set<std::string> charts;
        for (const auto& file : files)
            if (fileName(file.path) == "Chart.yaml") charts.insert(folderOf(file.path));
        for (const auto& file : files)
            if (isManifest(file.path) && !isHidden(file.path) && !isInChart(file.path, charts))
                add(file);
    }

    [[nodiscard]] const std::map<std::string, Folder>& folders() const noexcept { return folders_; }
    [[nodiscard]] const std::map<std::string, const SourceFile*>& files() const noexcept {
        return files_;
    }

    [[nodiscard]] Parts partsOf(const std::string& folder) const {
        Parts parts;
        visit(folder, parts);
        return parts;
    }

private:
    void add(const SourceFile& file) {
        files_.emplace(file.path, &file);
        std::string name = folderOf(file.path);
        Folder& folder = folders_[name];
        if (auto kustomization = kustomizationIn(file))
            folder.kustomization = std::move(kustomization);
        else
            folder.files.push_back(&file);
        while (name != ".") {
            std::string parent = folderOf(name);
            folders_[parent].folders.insert(name);
            name = std::move(parent);
        }
    }

    void visit(const std::string& name, Parts& parts) const {
        const auto at = folders_.find(name);
        if (at == folders_.end() || !parts.folders.insert(name).second) return;
        const Folder& folder = at->second;
        if (folder.kustomization) {
            parts.kustomizations.insert(name);
            visitKustomization(name, *folder.kustomization, parts);
            return;
        }
        for (const auto* file : folder.files) parts.files.insert(file->path);
        for (const auto& inner : folder.folders) visit(inner, parts);
    }

    void visitKustomization(const std::string& name, const Kustomization& kustomization,
                            Parts& parts) const {
        for (const auto& entry : kustomization.builtOn) visitReference(name, entry, parts);
        for (const auto& entry : kustomization.reads)
            if (!pathOf(name, entry)) parts.remotes.insert(entry);  // or it leaves the tree
        for (const auto& entry : kustomization.plugins) visitPlugins(name, entry, parts);
        parts.remotes.insert(kustomization.charts.begin(), kustomization.charts.end());
    }

    // What the objects of a file name, which kustomize reads as well.
    void visitPlugins(const std::string& folder, const std::string& entry, Parts& parts) const {
        const auto path = pathOf(folder, entry);
        if (!path) return;
        if (const auto file = files_.find(*path); file != files_.end()) {
            for (const auto& named : namedByPlugins(file->second->text))
                if (!pathOf(folder, named)) parts.remotes.insert(named);
        } else if (folders_.contains(*path)) {
            visit(*path, parts);
        }
    }

    void visitReference(const std::string& folder, const std::string& text, Parts& parts) const {
        const auto path = pathOf(folder, text);
        if (path && files_.contains(*path))
            parts.files.insert(*path);
        else if (path && folders_.contains(*path))
            visit(*path, parts);
        else
            parts.remotes.insert(text);
    }

    std::map<std::string, Folder> folders_;
    std::map<std::string, const SourceFile*> files_;
};

// Every path that a kustomization names.
std::vector<std::string> namedBy(const std::string& folder, const Kustomization& kustomization) {
    std::vector<std::string> paths;
    for (const auto* entries : {&kustomization.builtOn, &kustomization.reads})
        for (const auto& entry : *entries)
            if (auto path = pathOf(folder, entry)) paths.push_back(std::move(*path));
    return paths;
}

// Every file and folder that some kustomization names, beside the one it lies in.
std::set<std::string> namedByKustomizations(const Tree& tree) {
    std::set<std::string> named;
    for (const auto& [name, folder] : tree.folders()) {
        if (!folder.kustomization) continue;
        for (auto& path : namedBy(name, *folder.kustomization))
            if (path != name) named.insert(std::move(path));
    }
    return named;
}

std::set<std::string> filesWith(const Wanted& wanted, const Tree& tree) {
    std::set<std::string> found;
    for (const auto& [path, file] : tree.files())
        if (file->text.find(wanted.needle) != std::string::npos && holdsWanted(file->text, wanted))
            found.insert(path);
    return found;
}

bool holdsOneOf(const std::set<std::string>& some, const std::set<std::string>& others) {
    return std::ranges::any_of(some, [&](const auto& one) { return others.contains(one); });
}

std::vector<std::string> closureIn(const Tree& tree, const std::string& start) {
    const Parts parts = tree.partsOf(start);
    std::set<std::string> closure{start};
    const auto add = [&](std::string path) {
        if (!isWithin(path, start)) closure.insert(std::move(path));
    };
    for (const auto& folder : parts.folders) add(folder);
    for (const auto& file : parts.files) add(file);
    for (const auto& folder : parts.kustomizations)
        for (auto& path : namedBy(folder, *tree.folders().at(folder).kustomization))
            add(std::move(path));
    return {closure.begin(), closure.end()};
}

}  // namespace

bool isManifest(std::string_view path) noexcept {
    return path.ends_with(".yaml") || path.ends_with(".yml") || path.ends_with(".json") ||
           path == "Kustomization" || path.ends_with("/Kustomization");
}

namespace {

struct Declaring {
    std::vector<DiscoveredStack> stacks;
    std::set<std::string> files;
};

Declaring declaringIn(const Wanted& wanted, const Tree& tree) {
    const auto found = filesWith(wanted, tree);
    const auto named = namedByKustomizations(tree);
    Declaring result;
    std::set<std::string> covered;
    for (const auto& [name, folder] : tree.folders()) {  // parents come before what is below them
        if (named.contains(name) || covered.contains(name)) continue;
        const bool direct = std::ranges::any_of(folder.files, [&](const SourceFile* file) {
            return found.contains(file->path) && !named.contains(file->path);
        });
        if (!folder.kustomization && !direct) continue;
        Parts parts = tree.partsOf(name);
        if (!holdsOneOf(parts.files, found)) continue;
        covered.merge(parts.folders);
        result.files.merge(parts.files);
        result.stacks.push_back({name, "", closureIn(tree, name)});
    }
    return result;
}

}  // namespace

std::vector<DiscoveredStack> stacksWith(const Wanted& wanted,
                                        const std::vector<SourceFile>& files) {
    return declaringIn(wanted, Tree(files)).stacks;
}

std::set<std::string> filesOfStacks(const Wanted& wanted, const std::vector<SourceFile>& files) {
    return declaringIn(wanted, Tree(files)).files;
}

std::string withoutVariables(std::string_view path) {
    std::string text(path);
    for (const auto& [begin, end] : {std::pair("${", "}"), std::pair("{{", "}}")})
        for (auto at = text.find(begin); at != std::string::npos; at = text.find(begin, at + 1)) {
            const auto last = text.find(end, at);
            if (last == std::string::npos) break;
            text.replace(at, last + std::string_view(end).size() - at, "*");
        }
    return text;
}

namespace {

// Part by part: * is anything within one.
bool isMeant(std::string_view pattern, std::string_view folder) {
    while (!pattern.empty() && !folder.empty()) {
        const auto part = pattern.substr(0, pattern.find('/'));
        const auto name = folder.substr(0, folder.find('/'));
        if (part != name && !(part.contains('*') && terraform::matchesText(part, name)))
            return false;
        pattern.remove_prefix(std::min(part.size() + 1, pattern.size()));
        folder.remove_prefix(std::min(name.size() + 1, folder.size()));
    }
    return pattern.empty() && folder.empty();
}

std::vector<std::string> foldersMeant(const std::string& path, const Tree& tree) {
    if (!path.contains('*')) return {path};
    std::vector<std::string> found;
    if (path.find_first_not_of("*/") == std::string::npos) return found;
    for (const auto& [name, folder] : tree.folders())
        if (isMeant(path, name)) found.push_back(name);
    return found;
}

}  // namespace

std::set<std::string> appliedFolders(const std::vector<AppliedFolder>& applied,
                                     const std::vector<SourceFile>& files) {
    const Tree tree(files);
    std::set<std::string> all;
    for (const auto& one : applied) {
        const auto path = resolved(".", one.path.substr(one.path.starts_with('/') ? 1 : 0));
        if (!path) continue;
        for (const auto& folder : foldersMeant(*path, tree)) {
            const auto at = tree.folders().find(folder);
            if (at == tree.folders().end()) continue;
            all.insert(folder);
            if (one.withWhatIsBelow || at->second.kustomization)
                all.merge(tree.partsOf(folder).folders);
        }
    }
    return all;
}

std::vector<std::string> closureWith(std::string_view folder,
                                     const std::vector<SourceFile>& files) {
    return closureIn(Tree(files), resolved(".", folder).value_or("."));
}

Sources sourcesOf(std::string_view folder, const std::vector<SourceFile>& files) {
    const Tree tree(files);
    Sources sources;
    std::vector<std::string> waiting{resolved(".", folder).value_or(".")};
    while (!waiting.empty()) {
        const std::string name = std::move(waiting.back());
        waiting.pop_back();
        const auto at = tree.folders().find(name);
        if (at == tree.folders().end()) continue;
        if (at->second.kustomization) {
            sources.kustomizations.push_back(name);
            continue;
        }
        for (const auto* file : at->second.files) sources.files.push_back(file->path);
        waiting.insert(waiting.end(), at->second.folders.begin(), at->second.folders.end());
    }
    std::ranges::sort(sources.kustomizations);
    std::ranges::sort(sources.files);
    return sources;
}

std::vector<std::string> remotesOf(std::string_view folder, const std::vector<SourceFile>& files) {
    const auto remotes = Tree(files).partsOf(resolved(".", folder).value_or(".")).remotes;
    return {remotes.begin(), remotes.end()};
}

}  // namespace driftkeeper::gitops
