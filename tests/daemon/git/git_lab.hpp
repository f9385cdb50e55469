#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "daemon/git/checkouts.hpp"

namespace driftkeeper::tests {

// A folder that is gone at the end of the test.
class Scratch {
public:
    Scratch();
    ~Scratch();
    Scratch(const Scratch&) = delete;
    Scratch& operator=(const Scratch&) = delete;
    [[nodiscard]] const std::filesystem::path& path() const noexcept { return path_; }

private:
    std::filesystem::path path_;
};

// Runs a shell command; its standard output without the last newline. The test fails when the
// command does.
std::string shell(const std::string& command);

void writeFile(const std::filesystem::path& file, std::string_view text);
std::string readFile(const std::filesystem::path& file);
// Paths of all files and links below a folder, sorted, joined by blanks.
std::string filesBelow(const std::filesystem::path& folder);

// A repository made by the git program.
class Origin {
public:
    explicit Origin(std::filesystem::path folder);  // one branch: main, no commit
    std::string git(const std::string& arguments) const;
    // Writes, adds and commits; returns the full hash.
    std::string commit(const std::string& file, std::string_view text) const;
    std::string commitAll() const;
    // Commits the tree with the given hash on main.
    std::string commitTree(const std::string& tree) const;
    // Stores a blob or, with lines of `git ls-tree`, a tree; no name is checked.
    std::string blob(std::string_view text) const;
    std::string tree(std::string_view rawEntries) const;
    static std::string entry(std::string_view mode, std::string_view name, const std::string& hash);
    [[nodiscard]] const std::filesystem::path& folder() const noexcept { return folder_; }

private:
    std::filesystem::path folder_;
};

// A child process that says when it serves; ended at the end of the test.
class Server {
public:
    // `ready`: a part of the line (on either output) that says so. The line is kept.
    Server(const std::vector<std::string>& arguments, std::string_view ready);
    ~Server();
    Server(const Server&) = delete;
    Server& operator=(const Server&) = delete;
    [[nodiscard]] const std::string& readyLine() const noexcept { return line_; }

private:
    int process_ = -1;
    int output_ = -1;
    std::string line_;
};

int freePort();

RepositorySettings repositoryAt(const std::string& url, const std::string& ref = "main");
Stack stackAt(const std::string& path, std::vector<std::string> closure = {});

}  // namespace driftkeeper::tests
