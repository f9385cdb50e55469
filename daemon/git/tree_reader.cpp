#include "daemon/git/tree_reader.hpp"

#include <git2.h>

#include <algorithm>
#include <optional>
#include <set>

#include "daemon/git/objects.hpp"
#include "daemon/git/remote_url.hpp"

namespace driftkeeper {

namespace {

constexpr std::size_t mostFiles = 1'000'000;
constexpr std::size_t mostLevels = 200;
constexpr std::size_t longestPath = 3000;
constexpr std::size_t longestName = 255;
constexpr std::uint64_t largestLink = 4000;

std::unexpected<Error> hostile(const std::string& what, std::string_view path) {
    return failure(Remedy::Report, "git_hostile_tree", what + " at \"" + scrubbed(path) + "\"");
}
bool isGitFolder(std::string_view name) {
    return name.size() == 4 && name[0] == '.' && (name[1] | 32) == 'g' && (name[2] | 32) == 'i' &&
           (name[3] | 32) == 't';
}

bool isHostileName(std::string_view name) {
    return name.empty() || name == "." || name == ".." || name.size() > longestName ||
           name.find('/') != std::string_view::npos || isGitFolder(name);
}

// A link may climb only at its beginning: its own folder is a real one, so that part stays inside
// when counted. A ".." further on could climb out of a folder that another link leads to.
bool staysInside(std::string_view target, std::size_t level) {
    if (target.empty() || target.front() == '/' || target.find('\0') != std::string_view::npos)
        return false;
    bool descended = false;
    while (!target.empty()) {
        const auto end = std::min(target.find('/'), target.size());
        const auto part = target.substr(0, end);
        target.remove_prefix(std::min(end + 1, target.size()));
        if (part.empty() || part == ".") continue;
        if (part != "..") {
            descended = true;
        } else if (descended || level == 0) {
            return false;
        } else {
            --level;
        }
        if (isGitFolder(part)) return false;
    }
    return true;
}

// Git takes such a folder for a repository and would obey its configuration.
bool looksLikeRepository(const git_tree* tree) {
    return git_tree_entry_byname(tree, "HEAD") && git_tree_entry_byname(tree, "objects") &&
           git_tree_entry_byname(tree, "refs");
}

struct Pending {
    git_oid id;
    std::string folder;  // with a '/' at its end, "" for the root
    std::size_t level;
};

// Nothing: the commit is not here.
std::optional<git_oid> treeOf(git_repository* repository, const git_oid* commit) {
    git_commit* found = nullptr;
    if (git_commit_lookup(&found, repository, commit) < 0) return std::nullopt;
    const GitOwned<git_commit> owned(found);
    return *git_commit_tree_id(found);
}

// Reads trees without recursion: how deep they are is the remote's choice.
class TreeReader {
public:
    TreeReader(git_repository* repository, git_odb* objects, Submodules submodules)
        : repository_(repository), objects_(objects), submodules_(submodules) {}

    Result<SourceTree> read(const std::string& commit, const git_oid& root) {
        tree_.commit = commit;
        tree_.parts.push_back({".", commit});
        pending_.push_back({root, "", 0});
        while (!pending_.empty()) {
            const auto next = std::move(pending_.back());
            pending_.pop_back();
            if (auto done = readFolder(next); !done) return std::unexpected(done.error());
        }
        std::ranges::sort(tree_.files, {}, &TreeFile::path);
        std::ranges::sort(tree_.leftOut);
        std::ranges::sort(tree_.missing);
        return std::move(tree_);
    }

private:
    Result<void> readFolder(const Pending& folder) {
        git_tree* found = nullptr;
        if (git_tree_lookup(&found, repository_, &folder.id) < 0) return damaged();
        const GitOwned<git_tree> tree(found);
        if (looksLikeRepository(found)) {
            if (folder.folder.empty()) return hostile("the tree is itself a bare repository", ".");
            tree_.leftOut.push_back(
                {folder.folder.substr(0, folder.folder.size() - 1), "repository"});
            return {};
        }
        std::set<std::string_view> names;
        for (std::size_t i = 0; i < git_tree_entrycount(found); ++i) {
            const auto* entry = git_tree_entry_byindex(found, i);
            const std::string_view name = git_tree_entry_name(entry);
            const std::string path = folder.folder + std::string(name);
            if (isHostileName(name)) return hostile("a name that no file may have", path);
            if (!names.insert(name).second) return hostile("two entries of one name", path);
            if (path.size() > longestPath || folder.level >= mostLevels)
                return hostile("a path that is too long", path.substr(0, 60));
            if (++entries_ > mostFiles) return hostile("too many files", ".");
            if (auto done = take(entry, path, folder.level); !done) return done;
        }
        return {};
    }

    Result<void> take(const git_tree_entry* entry, const std::string& path, std::size_t level) {
        const auto* id = git_tree_entry_id(entry);
        switch (git_tree_entry_filemode(entry)) {
            case GIT_FILEMODE_TREE:
                pending_.push_back({*id, path + "/", level + 1});
                return {};
            case GIT_FILEMODE_LINK:
                return takeLink({path, TreeFile::Kind::Link, hexOf(id), ""}, level);
            case GIT_FILEMODE_COMMIT:
                takeSubmodule(id, path, level);
                return {};
            case GIT_FILEMODE_BLOB_EXECUTABLE:
                tree_.files.push_back({path, TreeFile::Kind::Executable, hexOf(id), ""});
                return {};
            default:
                tree_.files.push_back({path, TreeFile::Kind::Plain, hexOf(id), ""});
                return {};
        }
    }

    Result<void> takeLink(TreeFile link, std::size_t level) {
        auto target = readBlob(objects_, link, largestLink);
        if (!target && target.error().code != "git_huge_file")
            return std::unexpected(target.error());
        if (!target || !staysInside(*target, level)) {
            tree_.leftOut.push_back({link.path, "link_outside"});
            return {};
        }
        link.target = std::move(*target);
        tree_.files.push_back(std::move(link));
        return {};
    }

    void takeSubmodule(const git_oid* commit, const std::string& path, std::size_t level) {
        const auto tree = submodules_ == Submodules::Taken ? treeOf(repository_, commit)
                                                           : std::optional<git_oid>();
        if (tree) {
            tree_.parts.push_back({path, hexOf(commit)});
            pending_.push_back({*tree, path + "/", level + 1});
        } else {
            tree_.missing.push_back({path, hexOf(commit)});
            tree_.leftOut.push_back(
                {path, submodules_ == Submodules::Taken ? "submodule_unread" : "submodule"});
        }
    }

    git_repository* repository_;
    git_odb* objects_;
    Submodules submodules_;
    SourceTree tree_;
    std::vector<Pending> pending_;
    std::size_t entries_ = 0;
};
}  // namespace

Result<SourceTree> readTree(git_repository* repository, const std::string& commit,
                            Submodules submodules) {
    const git_oid id = oidOf(commit);
    const auto root = treeOf(repository, &id);
    if (!root)
        return failure(Remedy::Retry, "git_no_ref",
                       "the mirror does not hold commit " + scrubbed(commit));
    const auto objects = openObjects(repository);
    if (!objects) return std::unexpected(objects.error());
    return TreeReader(repository, objects->get(), submodules).read(commit, *root);
}

}  // namespace driftkeeper
