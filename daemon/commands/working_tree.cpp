#include "daemon/commands/working_tree.hpp"

#include <algorithm>
#include <array>

#include "daemon/base/files.hpp"
#include "daemon/wording/left_out.hpp"
#include "parsers/terraform/configuration.hpp"
#include "parsers/terraform/source_path.hpp"
#include "providers/catalog.hpp"
#include "providers/process/sandbox.hpp"

namespace driftkeeper {
namespace {

namespace fs = std::filesystem;

// Whether it is of the kind that was asked for, which then looks at it; empty: every kind is.
bool takes(const std::string& provider, DiscoveredStack& found) {
    if (provider.empty() || found.provider == provider) return true;
    const ProviderKind* const asked = providerKind(provider);
    const ProviderKind* const kind = providerKind(found.provider);
    if (asked == nullptr || kind == nullptr || kind->family != asked->family) return false;
    found.provider = provider;
    return true;
}

bool isWithin(const std::string& path, const std::string& folder) {
    return folder == "." || path == folder || path.starts_with(folder + "/");
}

}  // namespace

fs::path rootOfTree(const fs::path& directory) {
    for (fs::path at = directory;; at = at.parent_path()) {
        if (fs::exists(at / ".git")) return at;
        if (at == at.root_path()) return at;
    }
}

std::optional<fs::path> treeToLayOver(const fs::path& root, const fs::path& directory,
                                      const std::vector<DiscoveredStack>& stacks,
                                      const fs::path& scratch) {
    const fs::path top = root.has_filename() ? root : directory;
    const auto isInside = [&](const std::string& path) {
        const fs::path inner = (root / path).lexically_normal().lexically_relative(top);
        return !inner.empty() && *inner.begin() != "..";
    };
    const bool isWhole = std::ranges::all_of(stacks, [&](const DiscoveredStack& stack) {
        return isInside(stack.path) && std::ranges::all_of(stack.closure, isInside);
    });
    if (!isWhole || !sandboxCanOverlay(scratch, top)) return std::nullopt;
    return top;
}

void WorkingTree::folder(const fs::path& directory) {
    if (seen_.insert(directory).second) read(directory, [](const std::string&) { return true; });
}

// What the folders above say of those below, such as which version is to look: not their own
// configuration.
void WorkingTree::above(fs::path directory) {
    while (directory != root_ && directory != directory.parent_path()) {
        directory = directory.parent_path();
        read(directory, [](const std::string& name) { return !marksFolder(name); });
    }
}

std::string WorkingTree::fromRoot(const fs::path& path) const {
    return path.lexically_relative(root_).generic_string();
}

// Hidden folders of a repository are read as they are from Git: what lies there is left out, and
// said. What Git and tools keep for themselves is no source.
bool WorkingTree::isOfSource(const std::string& name) const {
    constexpr std::array<std::string_view, 4> kept = {".git", ".terraform", ".terragrunt-cache",
                                                      ".terragrunt-stack"};
    if (!name.starts_with('.')) return true;
    std::error_code error;
    return fs::exists(root_ / ".git", error) && std::ranges::find(kept, name) == kept.end();
}

void WorkingTree::below(const fs::path& directory) {
    folder(directory);
    std::error_code error;
    for (const auto& entry : fs::directory_iterator(directory, error)) {
        const std::string name = entry.path().filename().string();
        if (!entry.is_directory(error) || !isOfSource(name)) continue;
        if (entry.is_symlink(error))
            link(entry.path());
        else if (!ignored_.contains(fromRoot(entry.path()), true))
            below(entry.path());
    }
}

// A link to a folder: what is below it is there, by another name.
void WorkingTree::link(const fs::path& path) {
    std::error_code error;
    const fs::path target = fs::canonical(path, error);
    const std::string inner = fromRoot(target);
    if (error || inner.starts_with(".."))
        collector_.leaveOut(fromRoot(path), "link_outside");
    else
        collector_.takeLink(fromRoot(path), inner);
}

// Follows local modules until nothing new turns up.
std::vector<std::string> WorkingTree::closure(const std::string& provider,
                                              const std::string& path) {
    for (;;) {
        auto found = closureOf(provider, path, files());
        const auto before = seen_.size();
        for (const auto& one : found)
            if (const fs::path at = (root_ / one).lexically_normal(); fs::is_directory(at))
                folder(at);
        if (seen_.size() == before) return found;
    }
}

template <class Wanted>
void WorkingTree::read(const fs::path& directory, Wanted wanted) {
    std::error_code error;
    for (const auto& entry : fs::directory_iterator(directory, error)) {
        const std::string name = entry.path().filename().string();
        if (!isSourceFile(name, kinds_) || !wanted(name) || !entry.is_regular_file(error)) continue;
        const std::string path = fromRoot(entry.path());
        if (ignored_.contains(path, false) && !terraform::isSourceFile(path)) continue;
        if (entry.file_size(error) > SourceCollector::largestRead)
            collector_.leaveOut(path, "too_large");
        else if (auto text = readFile(entry.path(), SourceCollector::largestRead))
            collector_.take(path, std::move(*text));
        else
            collector_.leaveOut(path, "unreadable");
    }
}

std::vector<DiscoveredStack> WorkingTree::stacksAt(const fs::path& directory,
                                                   const std::string& here,
                                                   const std::string& provider) {
    if (const ProviderKind* const asked = providerKind(provider); asked != nullptr)
        kinds_ = [family = asked->family](const ProviderKind& kind) {
            return kind.family == family;
        };
    std::error_code error;
    if (fs::exists(root_ / ".git", error)) above(directory);
    auto found = stacksBelow(directory);
    std::erase_if(found, [&](DiscoveredStack& one) {
        return !isWithin(one.path, here) || !takes(provider, one);
    });
    for (auto& one : found)
        if (one.path == here && !isTrouble(one.leftOut)) one.leftOut.clear();
    for (const auto& one : found)
        if (!one.leftOut.empty())
            stacksLeftOut_.push_back({one.name.empty() ? one.path : one.name, one.leftOut});
    std::erase_if(found, [](const DiscoveredStack& one) { return !one.leftOut.empty(); });
    if (found.empty() && !provider.empty()) found.push_back({here, provider, {}});
    for (auto& one : found) one.closure = closure(one.provider, one.path);
    return found;
}

std::vector<DiscoveredStack> WorkingTree::stacksBelow(const fs::path& directory) {
    below(directory);
    for (std::size_t before = 0; before != seen_.size();) {
        before = seen_.size();
        followFiles();
    }
    return discoverAll(files(), kinds_);
}

// Reads what files lead to that name folders elsewhere in the tree.
void WorkingTree::followFiles() {
    for (const ProviderKind* kind : providerKinds()) {
        if (kind->leadsElsewhere == nullptr || (kinds_ && !kinds_(*kind))) continue;
        std::set<std::string> folders;
        for (const auto& file : files())
            if (kind->leadsElsewhere(file.path)) folders.insert(terraform::folderOf(file.path));
        for (const auto& one : folders) (void)closure(std::string(kind->name), one);
    }
}

std::vector<LeftOut> WorkingTree::leftOut() const {
    std::vector<LeftOut> all = collector_.sources().leftOut;
    all.insert(all.end(), stacksLeftOut_.begin(), stacksLeftOut_.end());
    return all;
}

}  // namespace driftkeeper
