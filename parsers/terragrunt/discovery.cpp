#include "parsers/terragrunt/discovery.hpp"

#include <algorithm>
#include <functional>
#include <map>
#include <set>

#include "parsers/terraform/configuration.hpp"
#include "parsers/terraform/source_path.hpp"
#include "parsers/terragrunt/stack_file.hpp"

namespace driftkeeper::terragrunt {
namespace {

using terraform::folderOf;

bool isGenerated(std::string_view path) {
    for (const std::string_view folder : {".terragrunt-cache/", ".terragrunt-stack/"})
        if (path.starts_with(folder) || path.contains("/" + std::string(folder))) return true;
    return false;
}

bool isBelow(std::string_view path, std::string_view folder) {
    return folder == "." || path == folder || path.starts_with(std::string(folder) + "/");
}

// Files in memory as a tree, with what stacks generate. Points into them.
class FileTree {
public:
    explicit FileTree(const std::vector<SourceFile>& files) {
        for (const auto& file : files)
            if (!isGenerated(file.path)) add(file.path, file.text);
        for (const auto& path : filesCalled(stackFile)) expand(folderOf(path), {}, {}, 0);
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
        for (const auto name : {unitFile, jsonUnitFile})
            for (const auto& path : filesCalled(name)) folders.insert(folderOf(path));
        for (const auto& [folder, origin] : generated_)
            if (!origin.isStack) folders.insert(folder);
        return {folders.begin(), folders.end()};
    }

    // Whether a stack makes it of something else.
    [[nodiscard]] bool isGeneratedUnit(const std::string& folder) const {
        return generated_.contains(folder);
    }
    // Whether stacks copy it: what lies there wants their values.
    [[nodiscard]] bool isCopied(const std::string& folder) const {
        return std::ranges::any_of(copied_, [&](const auto& one) { return isBelow(folder, one); });
    }
    // Stack files of which something is not known.
    [[nodiscard]] const std::set<std::string>& unknownStacks() const noexcept { return unknown_; }

    // What a path is made of, where a stack makes it; else the path.
    [[nodiscard]] std::set<std::string> originOf(const std::string& path) const {
        std::set<std::string> real;
        for (const auto& [folder, origin] : generated_)
            if (isBelow(path, folder)) real.insert(origin.real.begin(), origin.real.end());
        if (real.empty()) real.insert(path);
        return real;
    }

private:
    static constexpr int deepestStack = 8;
    static constexpr std::size_t mostGenerated = 5000;

    struct Origin {
        bool isStack = false;
        std::set<std::string> real;  // stack files and sources in the tree
    };

    void add(const std::string& path, const std::string& text) {
        files_.insert_or_assign(path, &text);
        for (auto folder = folderOf(path); folders_.insert(folder).second && folder != ".";)
            folder = folderOf(folder);
    }

    [[nodiscard]] std::vector<std::string> filesCalled(std::string_view name) const {
        std::vector<std::string> paths;
        for (const auto& [path, text] : files_)
            if (terraform::fileName(path) == name) paths.push_back(path);
        return paths;
    }

    void expand(const std::string& folder, const ValueTexts& values, std::set<std::string> real,
                int depth) {
        const auto file = terraform::resolved(folder, stackFile).value_or("");
        if (real.empty()) real.insert(file);
        for (const auto& entry : readStackFile(folder, tree(), values)) {
            if (entry.folder.empty() || depth > deepestStack || generated_.size() > mostGenerated) {
                unknown_.insert(file);
                continue;
            }
            Origin origin{entry.isStack, real};
            if (!entry.source.empty()) {
                origin.real.insert(entry.source);
                copied_.insert(entry.source);
                copy(entry.source, entry.folder);
            }
            generated_.insert_or_assign(entry.folder, origin);
            if (!entry.isStack) continue;
            const auto inner = terraform::resolved(entry.folder, stackFile).value_or("");
            if (files_.contains(inner))
                expand(entry.folder, entry.values, origin.real, depth + 1);
            else
                unknown_.insert(file);
        }
    }

    void copy(const std::string& source, const std::string& target) {
        std::vector<std::pair<std::string, const std::string*>> found;
        for (const auto& [path, text] : files_)
            if (isBelow(path, source) && !isGenerated(path))
                found.emplace_back(path.substr(source == "." ? 0 : source.size() + 1), text);
        for (const auto& [path, text] : found) add(target + '/' + path, *text);
    }

    std::map<std::string, const std::string*> files_;
    std::set<std::string> folders_;
    std::map<std::string, Origin> generated_;  // by folder
    std::set<std::string> copied_;             // folders
    std::set<std::string> unknown_;            // files
};

// A unit, and why it is left out; empty: it is not.
struct FoundUnit {
    Unit unit;
    std::string leftOut;
};

std::vector<FoundUnit> unitsIn(const FileTree& all, const std::vector<SourceFile>& files) {
    const auto tree = all.tree();
    std::set<std::string> withConfiguration;
    for (const auto& file : files)
        if (terraform::isConfigurationFile(file.path))
            withConfiguration.insert(folderOf(file.path));
    std::vector<FoundUnit> units;
    std::set<std::string> included;
    for (const auto& folder : all.unitFolders()) {
        units.push_back({readUnit(folder, tree), ""});
        included.insert(units.back().unit.includes.begin(), units.back().unit.includes.end());
    }
    for (auto& [unit, leftOut] : units) {
        const auto path = unitFileIn(unit.folder, tree);
        const bool plans = unit.hasSource || withConfiguration.contains(unit.folder);
        if (all.isCopied(unit.folder))
            leftOut = "copied_by_stack";
        else if (all.isGeneratedUnit(unit.folder))
            continue;
        else if (path && included.contains(*path) && !plans)
            leftOut = "included";
        else if (!plans && !unit.hasInclude)
            leftOut = "nothing_to_plan";
    }
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

namespace {

// Of what stacks generate, what that is made of.
std::vector<std::string> closureIn(const FileTree& all, const std::string& folder,
                                   const Closures& closures) {
    std::set<std::string> real;
    for (const auto& path : closureIn(all.tree(), folder)) real.merge(all.originOf(path));
    for (const auto& entry : readStackFile(folder, all.tree(), {}))
        if (!entry.source.empty()) real.insert(entry.source);
    return withModules({real.begin(), real.end()}, closures);
}

}  // namespace

std::vector<std::string> closureOf(std::string_view folder, const std::vector<SourceFile>& files) {
    const FileTree all(files);
    return closureIn(all, terraform::resolved(".", folder).value_or("."),
                     terraform::closuresIn(files));
}

std::vector<DiscoveredStack> discoverStacks(const std::vector<SourceFile>& files) {
    const FileTree all(files);
    const auto closures = terraform::closuresIn(files);
    std::set<std::string> claimed;
    std::vector<DiscoveredStack> stacks;
    for (const auto& [unit, leftOut] : unitsIn(all, files)) {
        claimed.insert(unit.folder);
        if (!unit.sourceFolder.empty()) claimed.insert(unit.sourceFolder);
        claimed.insert(unit.maybe.begin(), unit.maybe.end());
        stacks.push_back({unit.folder, "terragrunt", closureIn(all, unit.folder, closures)});
        stacks.back().leftOut = leftOut;
    }
    for (const auto& path : all.unknownStacks()) {
        const auto folder = folderOf(path);
        if (!all.isCopied(folder))
            stacks.push_back({folder, "terragrunt", {folder}, path, {}, "not_expanded"});
    }
    for (auto& stack : terraform::discoverStacks(files))
        if (!claimed.contains(stack.path)) stacks.push_back(std::move(stack));
    std::ranges::stable_sort(stacks, {}, &DiscoveredStack::path);
    return stacks;
}

}  // namespace driftkeeper::terragrunt
