#pragma once

#include <filesystem>
#include <set>
#include <string>
#include <vector>

#include "parsers/source/source_file.hpp"

namespace driftkeeper {

// The tree that a folder belongs to: the nearest folder above it with a .git, else the whole file system, because local
// modules may lie anywhere.
std::filesystem::path rootOfTree(const std::filesystem::path& directory);

// Stacks in a working tree. Only the folders that discovery needs are read, each once; nothing is written. For one
// thread.
class WorkingTree {
public:
    explicit WorkingTree(std::filesystem::path root) : root_(std::move(root)) {}

    // The stacks that `directory` itself is, else all below it. `here`: the same, seen from the root. `provider`: only
    // its kind; empty: every kind.
    std::vector<DiscoveredStack> stacksAt(const std::filesystem::path& directory, const std::string& here,
                                          const std::string& provider);

    // All stacks below a folder.
    std::vector<DiscoveredStack> stacksBelow(const std::filesystem::path& directory);

    [[nodiscard]] const std::vector<SourceFile>& files() const noexcept { return files_; }

private:
    void folder(const std::filesystem::path& directory);
    void above(std::filesystem::path directory);
    void below(const std::filesystem::path& directory);
    std::vector<std::string> closure(const std::string& provider, const std::string& path);
    template <class Wanted>
    void read(const std::filesystem::path& directory, Wanted wanted);

    std::filesystem::path root_;
    std::set<std::filesystem::path> seen_;
    std::vector<SourceFile> files_;
};

}  // namespace driftkeeper
