#include "daemon/commands/working_tree.hpp"

#include "daemon/base/files.hpp"
#include "providers/catalog.hpp"

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

}  // namespace

fs::path rootOfTree(const fs::path& directory) {
    for (fs::path at = directory;; at = at.parent_path()) {
        if (fs::exists(at / ".git")) return at;
        if (at == at.root_path()) return at;
    }
}

void WorkingTree::folder(const fs::path& directory) {
    if (seen_.insert(directory).second) read(directory, [](const std::string&) { return true; });
}

// What the folders above say of those below, such as which version is to look: not their own configuration.
void WorkingTree::above(fs::path directory) {
    while (directory != root_ && directory != directory.parent_path()) {
        directory = directory.parent_path();
        read(directory, [](const std::string& name) { return !marksFolder(name); });
    }
}

void WorkingTree::below(const fs::path& directory) {
    folder(directory);
    std::error_code error;
    for (const auto& entry : fs::directory_iterator(directory, error)) {
        const std::string name = entry.path().filename().string();
        if (!name.starts_with('.') && entry.is_directory(error) && !entry.is_symlink(error)) below(entry.path());
    }
}

// Follows local modules until nothing new turns up.
std::vector<std::string> WorkingTree::closure(const std::string& provider, const std::string& path) {
    for (;;) {
        auto found = closureOf(provider, path, files_);
        const auto before = seen_.size();
        for (const auto& one : found)
            if (const fs::path at = (root_ / one).lexically_normal(); fs::is_directory(at)) folder(at);
        if (seen_.size() == before) return found;
    }
}

template <class Wanted>
void WorkingTree::read(const fs::path& directory, Wanted wanted) {
    std::error_code error;
    for (const auto& entry : fs::directory_iterator(directory, error)) {
        const std::string name = entry.path().filename().string();
        if (!isSourceFile(name) || !wanted(name) || !entry.is_regular_file(error)) continue;
        if (auto text = readFile(entry.path(), std::size_t{4} << 20))
            files_.push_back({entry.path().lexically_relative(root_).generic_string(), std::move(*text)});
    }
}

std::vector<DiscoveredStack> WorkingTree::stacksAt(const fs::path& directory, const std::string& here,
                                                   const std::string& provider) {
    folder(directory);
    above(directory);
    auto found = discoverAll(files_);
    std::erase_if(found, [&](DiscoveredStack& one) { return one.path != here || !takes(provider, one); });
    if (found.empty()) {
        found = stacksBelow(directory);
        std::erase_if(found, [&](DiscoveredStack& one) { return !takes(provider, one); });
    }
    if (found.empty() && !provider.empty()) found.push_back({here, provider, {}});
    for (auto& one : found) one.closure = closure(one.provider, one.path);
    return found;
}

std::vector<DiscoveredStack> WorkingTree::stacksBelow(const fs::path& directory) {
    below(directory);
    return discoverAll(files_);
}

}  // namespace driftkeeper
