#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "tests/support/files.hpp"

namespace driftkeeper::tests {

// A Git repository with a working tree, made with the git program; nobody's Git settings count.
// Commit times are fixed, one second apart, so the same steps make the same commits. Throws
// std::runtime_error with git's words.
class GitWorld {
public:
    GitWorld();

    const std::filesystem::path& path() const { return tree_; }
    std::string fileUrl() const { return "file://" + tree_.string(); }

    void write(const std::filesystem::path& file, std::string_view text) const;
    void remove(const std::filesystem::path& file) const;
    // Everything in the working tree; the commit's id. An empty commit is a commit too.
    std::string commit(const std::string& message,
                       const std::string& author = "Ada Test <ada@example.org>");
    // The last commit made anew, with what the working tree holds: history that a force push would
    // bring.
    std::string amend(const std::string& message);

    std::string head() const;
    void branch(const std::string& name,
                const std::string& at = "HEAD") const;  // makes it or moves it there
    void checkout(const std::string& name) const;
    // All branches to a bare repository, which is made when it is not there; removes there what is
    // gone here.
    void pushTo(const std::filesystem::path& bare) const;

    // `git ARGUMENTS…` in the working tree; its output.
    std::string git(std::vector<std::string> arguments) const;

private:
    TempDir room_;
    std::filesystem::path tree_ = room_ / "tree";
    int commits_ = 0;
};

}  // namespace driftkeeper::tests
