#include "daemon/git/git_folder.hpp"

#include <fmt/format.h>

#include <fstream>

#include "daemon/git/tree_folder.hpp"

namespace driftkeeper {

namespace {

namespace fs = std::filesystem;

// A value of git-config(1).
std::string quoted(const std::string& text) {
    std::string result = "\"";
    for (const char c : text) {
        if (c == '"' || c == '\\') result += '\\';
        result += c;
    }
    return result + "\"";
}

std::string configOf(const GitFolder& git) {
    std::string text = "[core]\n\trepositoryformatversion = 0\n\tbare = false\n";
    if (!git.url.empty())
        text += fmt::format(
            "[remote \"origin\"]\n\turl = {}\n\tfetch = +refs/heads/*:refs/remotes/origin/*\n",
            quoted(git.url));
    if (!git.branch.empty())
        text += fmt::format("[branch {}]\n\tremote = origin\n\tmerge = {}\n", quoted(git.branch),
                            quoted("refs/heads/" + git.branch));
    return text;
}

bool write(const fs::path& file, const std::string& text) {
    std::error_code ignored;
    fs::create_directories(file.parent_path(), ignored);
    std::ofstream out(file, std::ios::binary | std::ios::trunc);
    out << text;
    return static_cast<bool>(out.flush());
}

}  // namespace

Result<void> writeGitFolder(const fs::path& root, const GitFolder& git) {
    const fs::path folder = root / ".git";
    const bool isBranch = !git.branch.empty();
    const std::string history = git.objects.empty() ? "" : git.objects.string() + "\n";
    const bool isDone =
        write(folder / "config", configOf(git)) &&
        write(folder / "objects/info/alternates", history) &&
        write(folder / "refs/heads" / (isBranch ? git.branch : ".none"), git.commit + "\n") &&
        write(folder / "HEAD",
              isBranch ? "ref: refs/heads/" + git.branch + "\n" : git.commit + "\n");
    return isDone ? Result<void>() : cannotWrite("write", ".git");
}

}  // namespace driftkeeper
