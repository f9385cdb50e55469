#include "tests/support/git_world.hpp"

#include "tests/support/run.hpp"

namespace driftkeeper::tests {
namespace fs = std::filesystem;

namespace {

std::string firstLine(const std::string& text) {
    return text.substr(0, text.find('\n'));
}

}  // namespace

GitWorld::GitWorld() {
    fs::create_directories(tree_);
    git({"init", "--quiet", "--initial-branch=main"});
}

void GitWorld::write(const fs::path& file, std::string_view text) const {
    writeFile(tree_ / file, text);
}

void GitWorld::remove(const fs::path& file) const {
    fs::remove_all(tree_ / file);
}

std::string GitWorld::commit(const std::string& message, const std::string& author) {
    ++commits_;
    git({"add", "--all"});
    git({"commit", "--quiet", "--allow-empty", "--author", author, "--message", message});
    return head();
}

std::string GitWorld::amend(const std::string& message) {
    ++commits_;
    git({"add", "--all"});
    git({"commit", "--quiet", "--amend", "--allow-empty", "--reset-author", "--message", message});
    return head();
}

std::string GitWorld::head() const {
    return firstLine(git({"rev-parse", "HEAD"}));
}

void GitWorld::branch(const std::string& name, const std::string& at) const {
    git({"update-ref", "refs/heads/" + name, firstLine(git({"rev-parse", at + "^{commit}"}))});
}

void GitWorld::checkout(const std::string& name) const {
    git({"checkout", "--quiet", name});
}

void GitWorld::pushTo(const fs::path& bare) const {
    if (!fs::exists(bare))
        git({"init", "--quiet", "--bare", "--initial-branch=main", bare.string()});
    git({"push", "--quiet", "--force", "--prune", bare.string(), "refs/heads/*:refs/heads/*"});
}

std::string GitWorld::git(std::vector<std::string> arguments) const {
    arguments.insert(arguments.begin(), "git");
    const std::string date = std::to_string(1'790'000'000 + commits_) + " +0000";
    const Environment env{
        {"GIT_CONFIG_GLOBAL", "/dev/null"}, {"GIT_CONFIG_NOSYSTEM", "1"},
        {"GIT_AUTHOR_NAME", "Ada Test"},    {"GIT_AUTHOR_EMAIL", "ada@example.org"},
        {"GIT_COMMITTER_NAME", "Ada Test"}, {"GIT_COMMITTER_EMAIL", "ada@example.org"},
        {"GIT_AUTHOR_DATE", date},          {"GIT_COMMITTER_DATE", date},
        {"GIT_TERMINAL_PROMPT", "0"}};
    return outputOf(arguments, {.cwd = tree_, .env = env});
}

}  // namespace driftkeeper::tests
