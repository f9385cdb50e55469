#pragma once

#include <filesystem>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "daemon/git/ignored.hpp"
#include "providers/catalog.hpp"
#include "providers/sources.hpp"

namespace driftkeeper {

// The tree that a folder belongs to: the nearest folder above it with a .git, else the whole file
// system, because local modules may lie anywhere.
std::filesystem::path rootOfTree(const std::filesystem::path& directory);

// The folder over which tools may write, so that nothing is copied and nothing stays: the whole
// tree; outside of a repository `directory`, when the stacks need no other. What they write goes
// into `scratch`. nullopt: there is none, or the host cannot do it.
std::optional<std::filesystem::path> treeToLayOver(const std::filesystem::path& root,
                                                   const std::filesystem::path& directory,
                                                   const std::vector<DiscoveredStack>& stacks,
                                                   const std::filesystem::path& scratch);

// Stacks in a working tree, as the same commit from Git would have them: no hidden folders, nothing
// that Git ignores. Only the folders that discovery needs are read, each once; nothing is written.
// For one thread.
class WorkingTree {
public:
    explicit WorkingTree(std::filesystem::path root) : root_(std::move(root)), ignored_(root_) {}

    // The stacks that `directory` is and all below it. `here`: the same, seen from the root; what
    // is left out elsewhere is a stack when it is just this folder. `provider`: only its kind;
    // empty: every kind. Of the folders above only those of the same repository are read.
    std::vector<DiscoveredStack> stacksAt(const std::filesystem::path& directory,
                                          const std::string& here, const std::string& provider);

    // All stacks below a folder, those that are left out among them.
    std::vector<DiscoveredStack> stacksBelow(const std::filesystem::path& directory);

    [[nodiscard]] const std::vector<SourceFile>& files() const noexcept {
        return collector_.sources().files;
    }

    // What was not read as it is, and after stacksAt() the stacks that are left out.
    [[nodiscard]] std::vector<LeftOut> leftOut() const;

private:
    void folder(const std::filesystem::path& directory);
    void above(std::filesystem::path directory);
    [[nodiscard]] bool isOfSource(const std::string& name) const;
    void below(const std::filesystem::path& directory);
    void followFiles();
    void link(const std::filesystem::path& path);
    std::vector<std::string> closure(const std::string& provider, const std::string& path);
    template <class Wanted>
    void read(const std::filesystem::path& directory, Wanted wanted);
    [[nodiscard]] std::string fromRoot(const std::filesystem::path& path) const;

    std::filesystem::path root_;
    IgnoredPaths ignored_;
    WantedKinds kinds_;
    std::set<std::filesystem::path> seen_;
    SourceCollector collector_;
    std::vector<LeftOut> stacksLeftOut_;
};

}  // namespace driftkeeper
