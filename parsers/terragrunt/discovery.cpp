#include "parsers/terragrunt/discovery.hpp"

#include <algorithm>
#include <functional>
#include <map>
#include <set>

#include "parsers/terraform/configuration.hpp"
#include "parsers/terraform/source_path.hpp"

namespace driftkeeper::terragrunt {
namespace {

using terraform::folderOf;

constexpr std::string_view stackFile = "terragrunt.stack.hcl";

bool isGenerated(std::string_view path) {
    for (const std::string_view folder : {".terragrunt-cache/", ".terragrunt-stack/"})
        if (path.starts_with(folder) || path.contains("/" + std::string(folder))) return true;
    return false;
}

// Files in memory as a tree. Points into them.
class FileTree {
public:
    explicit FileTree(const std::vector<SourceFile>& files) {
        for (const auto& file : files) {
            if (isGenerated(file.path)) continue;
            files_.emplace(file.path, &file.text);
            for (auto folder = folderOf(file.path);
                 folders_.insert(folder).second && folder != ".";)
                folder = folderOf(folder);
        }
    }

    [[nodiscard]] Tree tree() const {
        return {[this](const std::string& path) -> std::optional<std::string> {
                    const auto found = files_.find(path);
                    return found == files_.end() ? std::nullopt : std::optional(*found->second);
                },
                [this](const std::string& path) { return folders_.contains(path); }};
    }

    [[nodiscard]] std::vector<std::string> unitFolders() const {
        std::set<std::string> folders;
        for (const auto& [path, text] : files_)
            if (const auto name = terraform::fileName(path);
                name == unitFile || name == jsonUnitFile)
                folders.insert(folderOf(path));
        return {folders.begin(), folders.end()};
    }

    // Files that `terragrunt stack generate` makes units of.
    [[nodiscard]] std::vector<std::string> stackFiles() const {
        std::vector<std::string> paths;
        for (const auto& [path, text] : files_)
            if (terraform::fileName(path) == stackFile) paths.push_back(path);
        return paths;
    }

private:
    std::map<std::string, const std::string*> files_;
    std::set<std::string> folders_;
};

std::vector<Unit> unitsIn(const FileTree& all, const std::vector<SourceFile>& files) {
    const auto tree = all.tree();
    std::set<std::string> withConfiguration;
    for (const auto& file : files)
        if (terraform::isConfigurationFile(file.path))
            withConfiguration.insert(folderOf(file.path));
    std::vector<Unit> units;
    std::set<std::string> included;
    for (const auto& folder : all.unitFolders()) {
        units.push_back(readUnit(folder, tree));
        included.insert(units.back().includes.begin(), units.back().includes.end());
    }
    std::erase_if(units, [&](const Unit& unit) {
        const bool plansSomething =
            unit.hasSource || unit.hasInclude || withConfiguration.contains(unit.folder);
        const auto path = unitFileIn(unit.folder, tree);
        return !plansSomething || !path || included.contains(*path);
    });
    return units;
}

// Adds what one unit reads itself, and says where its outputs come from.
std::vector<std::string> addUnit(const Unit& unit, std::set<std::string>& closure) {
    closure.insert(unit.folder);
    for (const auto& file : unit.files)
        if (folderOf(file) != unit.folder) closure.insert(file);
    if (!unit.sourceFolder.empty()) closure.insert({unit.sourceRoot, unit.sourceFolder});
    closure.insert(unit.maybe.begin(), unit.maybe.end());
    std::vector<std::string> others;
    for (const auto& dependency : unit.dependencies)
        if (!dependency.folder.empty()) others.push_back(dependency.folder);
    return others;
}

using Closures = std::function<std::vector<std::string>(std::string_view)>;

// Modules call local modules of their own.
std::vector<std::string> withModules(const std::vector<std::string>& closure,
                                     const Closures& closures) {
    std::set<std::string> all(closure.begin(), closure.end());
    for (const auto& one : closure) {
        const auto modules = closures(one);
        all.insert(modules.begin(), modules.end());
    }
    return {all.begin(), all.end()};
}

}  // namespace

bool isSourceFile(std::string_view path) noexcept {
    const auto name = terraform::fileName(path);
    return (name.ends_with(".hcl") || name.ends_with(".hcl.json")) && !name.starts_with('.');
}

std::vector<std::string> closureIn(const Tree& tree, std::string_view folder) {
    std::set<std::string> closure;
    std::set<std::string> seen;
    std::vector<std::string> waiting{terraform::resolved(".", folder).value_or(".")};
    while (!waiting.empty()) {
        const auto next = std::move(waiting.back());
        waiting.pop_back();
        if (!seen.insert(next).second) continue;
        for (auto& other : addUnit(readUnit(next, tree), closure))
            waiting.push_back(std::move(other));
    }
    return {closure.begin(), closure.end()};
}

std::vector<std::string> closureOf(std::string_view folder, const std::vector<SourceFile>& files) {
    const FileTree all(files);
    return withModules(closureIn(all.tree(), folder), terraform::closuresIn(files));
}

std::vector<DiscoveredStack> discoverStacks(const std::vector<SourceFile>& files) {
    const FileTree all(files);
    const auto closures = terraform::closuresIn(files);
    std::set<std::string> claimed;
    std::vector<DiscoveredStack> stacks;
    for (const auto& unit : unitsIn(all, files)) {
        claimed.insert(unit.folder);
        if (!unit.sourceFolder.empty()) claimed.insert(unit.sourceFolder);
        claimed.insert(unit.maybe.begin(), unit.maybe.end());
        stacks.push_back(
            {unit.folder, "terragrunt", withModules(closureIn(all.tree(), unit.folder), closures)});
    }
    for (const auto& path : all.stackFiles()) {
        const auto folder = folderOf(path);
        if (claimed.contains(folder)) continue;
        stacks.push_back({folder, "terragrunt", {folder}, path, {}, "not_expanded"});
    }
    for (auto& stack : terraform::discoverStacks(files))
        if (!claimed.contains(stack.path)) stacks.push_back(std::move(stack));
    std::ranges::stable_sort(stacks, {}, &DiscoveredStack::path);
    return stacks;
}

}  // namespace driftkeeper::terragrunt
