#pragma once

#include <filesystem>
#include <memory>
#include <string>

namespace driftkeeper {

// What Git ignores in a working tree (.gitignore, .git/info/exclude): it is not in the repository.
// For one thread.
class IgnoredPaths {
public:
    explicit IgnoredPaths(
        const std::filesystem::path& root);  // that is no repository: nothing is ignored
    ~IgnoredPaths();

    // `path` from the root. False for what is ignored and tracked all the same.
    [[nodiscard]] bool contains(const std::string& path, bool isFolder) const;

private:
    struct State;
    std::unique_ptr<State> state_;
};

}  // namespace driftkeeper
