#include "daemon/git/source_tree.hpp"

#include <git2.h>

#include <algorithm>
#include <set>

#include "daemon/git/remote_url.hpp"
#include "parsers/text/digest.hpp"
#include "parsers/text/encoding.hpp"
#include "providers/catalog.hpp"

namespace driftkeeper {

namespace {

constexpr std::size_t mostFiles = 1'000'000;
constexpr std::size_t mostLevels = 200;
constexpr std::size_t longestPath = 3000;
constexpr std::size_t longestName = 255;
constexpr std::uint64_t largestLink = 4000;
constexpr int mostHops = 40;

std::unexpected<Error> hostile(const std::string& what, std::string_view path) {
    return failure(Remedy::Report, "git_hostile_tree", what + " at \"" + scrubbed(path) + "\"");
}

std::unexpected<Error> damaged() {
    return failure(Remedy::Retry, "git_damaged", gitMessage());
}

git_oid oidOf(const std::string& id) {
    git_oid oid{};
    git_oid_fromstr(&oid, id.c_str());
    return oid;
}

std::string hexOf(const git_oid* id) {
    return hex({reinterpret_cast<const char*>(id->id), GIT_OID_RAWSZ});
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

// Reads trees without recursion: how deep they are is the remote's choice.
class TreeReader {
public:
    TreeReader(git_repository* repository, git_odb* objects)
        : repository_(repository), objects_(objects) {}

    Result<SourceTree> read(const git_oid& root) {
        pending_.push_back({root, "", 0});
        while (!pending_.empty()) {
            const auto next = std::move(pending_.back());
            pending_.pop_back();
            if (auto done = readFolder(next); !done) return std::unexpected(done.error());
        }
        std::ranges::sort(tree_.files, {}, &TreeFile::path);
        std::ranges::sort(tree_.leftOut);
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
                tree_.leftOut.push_back({path, "submodule"});
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

    git_repository* repository_;
    git_odb* objects_;
    SourceTree tree_;
    std::vector<Pending> pending_;
    std::size_t entries_ = 0;
};

std::string folderOf(std::string_view path) {
    const auto slash = path.rfind('/');
    return slash == std::string_view::npos ? "." : std::string(path.substr(0, slash));
}

// What a digest is made of.
void append(std::string& list, const TreeFile& file) {
    list += file.path;
    list += '\0';
    list += static_cast<char>(file.kind);
    list += file.id;
}

std::string within(std::string_view folder, std::string_view path) {
    return folder == "." ? std::string(path) : std::string(folder) + "/" + std::string(path);
}

}  // namespace

const TreeFile* SourceTree::find(std::string_view path) const {
    const auto it = std::ranges::lower_bound(files, path, {}, &TreeFile::path);
    return it != files.end() && it->path == path ? &*it : nullptr;
}

std::span<const TreeFile> SourceTree::below(std::string_view folder) const {
    if (folder == ".") return files;
    const auto begin =
        std::ranges::lower_bound(files, std::string(folder) + "/", {}, &TreeFile::path);
    const auto end = std::ranges::lower_bound(files, std::string(folder) + "0", {},
                                              &TreeFile::path);  // '0' follows '/'
    return {begin, end};
}

std::optional<std::string> SourceTree::resolved(std::string_view path) const {
    std::vector<std::string> ahead;  // parts to go, the next one last
    const auto push = [&ahead](std::string_view text) {
        const auto at = static_cast<std::ptrdiff_t>(ahead.size());
        while (!text.empty()) {
            const auto end = std::min(text.find('/'), text.size());
            ahead.emplace(ahead.begin() + at, text.substr(0, end));
            text.remove_prefix(std::min(end + 1, text.size()));
        }
    };
    push(path);
    std::string here = ".";
    int hops = 0;
    while (!ahead.empty()) {
        const std::string part = std::move(ahead.back());
        ahead.pop_back();
        if (part.empty() || part == ".") continue;
        if (part == "..") {
            if (here == ".") return std::nullopt;
            here = folderOf(here);
            continue;
        }
        const std::string next = within(here, part);
        const auto* file = find(next);
        if (file && file->kind == TreeFile::Kind::Link) {
            if (++hops > mostHops) return std::nullopt;
            push(file->target);
            continue;
        }
        if (!file && below(next).empty()) return std::nullopt;
        here = next;
    }
    return here;
}

Result<GitOwned<git_odb>> openObjects(git_repository* repository) {
    git_odb* objects = nullptr;
    if (git_repository_odb(&objects, repository) < 0) return damaged();
    return GitOwned<git_odb>(objects);
}

Result<SourceTree> readTree(git_repository* repository, const std::string& commit) {
    const git_oid id = oidOf(commit);
    git_commit* found = nullptr;
    if (git_commit_lookup(&found, repository, &id) < 0)
        return failure(Remedy::Retry, "git_no_ref",
                       "the mirror does not hold commit " + scrubbed(commit));
    const GitOwned<git_commit> owned(found);
    const auto objects = openObjects(repository);
    if (!objects) return std::unexpected(objects.error());
    auto tree = TreeReader(repository, objects->get()).read(*git_commit_tree_id(found));
    if (tree) tree->commit = commit;
    return tree;
}

Result<std::uint64_t> blobSize(git_odb* objects, const std::string& id) {
    const git_oid oid = oidOf(id);
    std::size_t size = 0;
    git_object_t type = GIT_OBJECT_INVALID;
    if (git_odb_read_header(&size, &type, objects, &oid) < 0) return damaged();
    if (type != GIT_OBJECT_BLOB)
        return failure(Remedy::Report, "git_hostile_tree", "an entry of the tree is not a file");
    return size;
}

Result<std::string> readBlob(git_odb* objects, const TreeFile& file, std::uint64_t limit) {
    const auto size = blobSize(objects, file.id);
    if (!size) return std::unexpected(size.error());
    if (*size > limit)
        return failure(Remedy::Report, "git_huge_file",
                       "\"" + scrubbed(file.path) + "\" has " + std::to_string(*size) +
                           " bytes, more than the " + std::to_string(limit) + " that are possible");
    const git_oid oid = oidOf(file.id);
    git_odb_object* read = nullptr;
    if (git_odb_read(&read, objects, &oid) < 0) return damaged();
    const GitOwned<git_odb_object> owned(read);
    return std::string(static_cast<const char*>(git_odb_object_data(read)),
                       git_odb_object_size(read));
}

Result<Sources> sourceFiles(git_odb* objects, const SourceTree& tree, const WantedKinds& wanted,
                            SilentBlobs& silent) {
    SourceCollector collector;
    for (const auto& file : tree.files) {
        const bool isLink = file.kind == TreeFile::Kind::Link;
        const bool isSource = isSourceFile(file.path, wanted);
        if (!isSource && !isLink) continue;
        const auto path = tree.resolved(file.path);
        const auto* content = path ? tree.find(*path) : nullptr;
        if (isLink && path && !content) collector.takeLink(file.path, *path);
        if (!isSource || !content) continue;
        if (silent.contains(content->id)) {
            collector.takePath(file.path);
            continue;
        }
        auto text = readBlob(objects, *content, SourceCollector::largestRead);
        if (!text && text.error().code != "git_huge_file") return std::unexpected(text.error());
        if (!text)
            collector.leaveOut(file.path, "too_large");
        else if (!collector.take(file.path, std::move(*text)))
            silent.insert(content->id);
    }
    return collector.take();
}

std::string sourcesDigest(const SourceTree& tree, const WantedKinds& wanted) {
    std::string list;
    for (const auto& file : tree.files)
        if (file.kind == TreeFile::Kind::Link || isSourceFile(file.path, wanted))
            append(list, file);
    return hex(sha256(list));
}

std::optional<std::string> normalised(std::string_view path) {
    if (path.starts_with('/')) return std::nullopt;
    std::string out;
    while (!path.empty()) {
        const auto end = std::min(path.find('/'), path.size());
        const auto part = path.substr(0, end);
        path.remove_prefix(std::min(end + 1, path.size()));
        if (part.empty() || part == ".") continue;
        if (part == "..") {
            if (out.empty()) return std::nullopt;
            const auto slash = out.rfind('/');
            out.resize(slash == std::string::npos ? 0 : slash);
            continue;
        }
        if (!out.empty()) out += '/';
        out += part;
    }
    return out.empty() ? "." : out;
}

namespace {

// Collects what some paths of a tree come down to.
class ClosureWalk {
public:
    ClosureWalk(const SourceTree& tree, OtherStacks others) : tree_(tree), others_(others) {}

    void start(std::string_view path) {
        auto real = tree_.resolved(path);
        if (real && starts_.insert(*real).second) todo_.push_back(std::move(*real));
    }

    std::vector<const TreeFile*> run() {
        named_ = starts_;  // links that are met later name nothing
        while (!todo_.empty()) {
            const std::string place = std::move(todo_.back());
            todo_.pop_back();
            if (const auto* file = tree_.find(place)) take(*file);
            takeFolder(place);
        }
        std::vector<const TreeFile*> sorted(files_.begin(), files_.end());
        std::ranges::sort(sorted, {},
                          [](const TreeFile* file) -> const std::string& { return file->path; });
        return sorted;
    }

private:
    void take(const TreeFile& file) {
        files_.insert(&file);
        if (file.kind == TreeFile::Kind::Link) start(file.path);
    }

    void takeFolder(const std::string& place) {
        const auto files = tree_.below(place);
        const auto others =
            others_ == OtherStacks::Skipped ? otherStacks(files, place) : std::set<std::string>();
        for (const auto& file : files) {
            bool skipped = false;
            for (auto folder = folderOf(file.path); !skipped && folder != place && folder != ".";
                 folder = folderOf(folder))
                skipped = others.contains(folder);
            if (!skipped) take(file);
        }
    }

    std::set<std::string> otherStacks(std::span<const TreeFile> files,
                                      const std::string& place) const {
        std::set<std::string> folders;
        for (const auto& file : files) {
            if (!marksFolder(file.path)) continue;
            auto folder = folderOf(file.path);
            if (folder != place && !named_.contains(folder)) folders.insert(std::move(folder));
        }
        return folders;
    }

    const SourceTree& tree_;
    const OtherStacks others_;
    std::set<std::string> starts_;
    std::set<std::string> named_;
    std::vector<std::string> todo_;
    std::set<const TreeFile*> files_;
};

// The files of the repository that the stack's options name, from its folder.
std::vector<std::string> namedFiles(const Stack& stack) {
    std::vector<std::string> files;
    const ProviderKind* kind = providerKind(stack.provider);
    if (kind == nullptr) return files;
    for (const OptionSpec& spec : kind->options)
        if (spec.kind == OptionSpec::Kind::InnerPath || spec.kind == OptionSpec::Kind::InnerPaths)
            std::ranges::copy(listOf(stack.options, spec.key), std::back_inserter(files));
    return files;
}

}  // namespace

std::vector<const TreeFile*> closureFiles(const SourceTree& tree, const Stack& stack,
                                          OtherStacks others) {
    ClosureWalk walk(tree, others);
    walk.start(stack.path);
    for (const auto& path : stack.closure) walk.start(path);
    for (const auto& file : namedFiles(stack))
        if (!file.starts_with('/')) walk.start(within(stack.path, file));
    return walk.run();
}

std::string digestOf(const SourceTree& tree, const Stack& stack) {
    std::string list;
    for (const auto* file : closureFiles(tree, stack, OtherStacks::Skipped)) append(list, *file);
    return hex(sha256(list));
}

}  // namespace driftkeeper
