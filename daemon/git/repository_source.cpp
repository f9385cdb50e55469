#include "daemon/git/repository_source.hpp"

#include <git2.h>

#include <algorithm>
#include <fstream>
#include <set>
#include <utility>
#include <vector>

#include "daemon/git/lfs.hpp"
#include "daemon/git/mirror.hpp"
#include "daemon/git/objects.hpp"
#include "daemon/git/remote_url.hpp"
#include "daemon/git/submodules.hpp"
#include "daemon/git/tree_reader.hpp"
#include "parsers/text/digest.hpp"
#include "parsers/text/encoding.hpp"
#include "providers/process/remove_tree.hpp"

namespace driftkeeper {

namespace {

namespace fs = std::filesystem;

constexpr std::ptrdiff_t mostPacks = 200;
constexpr std::uint64_t largestFile = 512U << 20U;
constexpr std::uint64_t largestGitmodules = 1U << 20U;
constexpr int mostNesting = 10;  // of submodules
constexpr std::string_view gitCryptTitle("\0GITCRYPT\0", 10);

std::string shortDigest(std::string_view text) {
    return hex(sha256(text)).substr(0, 16);
}

// Every fetch leaves a pack and nothing ever merges them: after some hundred the mirror is made
// again from nothing.
bool isCrowded(const fs::path& mirror) {
    std::ptrdiff_t packs = 0;
    std::error_code error;
    for (fs::directory_iterator it(mirror / "objects" / "pack", error), end; !error && it != end;
         it.increment(error))
        packs += it->path().extension() == ".pack" ? 1 : 0;
    return packs > mostPacks;
}

void touch(const fs::path& mirror) {
    std::error_code ignored;
    fs::last_write_time(mirror, fs::file_time_type::clock::now(), ignored);
}

bool isLargeFile(const TreeFile& file) {
    return wordOf(file.form, "filter") == "lfs";
}

bool isGitCrypt(const TreeFile& file) {
    return wordOf(file.form, "filter").starts_with("git-crypt");
}

}  // namespace

Result<std::string> RepositorySource::updateOne(const fs::path& folder,
                                                const RepositorySettings& repository,
                                                const Patience& patience) {
    if (!isCrowded(folder)) return updateMirror(folder, repository, patience);
    fs::path fresh = folder;
    fresh += ".new";
    removeTree(fresh);
    auto commit = updateMirror(fresh, repository, patience);
    if (!commit) return commit;
    const std::scoped_lock lock(busy_);
    std::error_code ignored;
    fs::rename(folder / "lfs", fresh / "lfs", ignored);
    removeTree(folder);
    std::error_code error;
    fs::rename(fresh, folder, error);
    if (error)
        return failure(Remedy::FixSetup, "git_state",
                       "the mirror cannot be replaced: " + error.message());
    return commit;
}

std::string RepositorySource::mirrorName(const RepositorySettings& repository) {
    return shortDigest(repository.name) + "-" + shortDigest(repository.url);
}

Result<std::string> RepositorySource::update(const RepositorySettings& repository,
                                             const Patience& patience) {
    const fs::path mirror = mirrors_ / mirrorName(repository);
    const auto keepRemote = [&] {
        const std::scoped_lock lock(busy_);
        remotes_["."] = {repository, mirror};
    };
    const auto once = [&]() -> Result<std::string> {
        keepRemote();
        auto commit = updateOne(mirror, repository, patience);
        if (!commit) return commit;
        if (auto done = updateParts(repository, *commit, patience); !done)
            return std::unexpected(done.error());
        return commit;
    };
    const bool isOld = fs::exists(mirror);
    auto commit = once();
    if (!commit && commit.error().code == "git_damaged") {
        {
            const std::scoped_lock lock(busy_);
            forget(repository);
        }
        if (isOld) commit = once();
    }
    if (!commit) return commit;
    forgetOtherUrls(repository);
    for (const auto& [folder, remote] : remotes_) touch(remote.mirror);
    return commit;
}

Result<RepositorySource::Opened> RepositorySource::openLocked(const RepositorySettings& repository,
                                                              const std::string& commit) {
    const std::scoped_lock lock(busy_);
    return open(repository, commit);
}

void RepositorySource::forgetTree() {
    const std::scoped_lock lock(busy_);
    tree_.reset();
}

// Submodules and Git LFS. A commit that is complete needs no second look.
Result<void> RepositorySource::updateParts(const RepositorySettings& repository,
                                           const std::string& commit, const Patience& patience) {
    {
        const std::scoped_lock lock(busy_);
        if (completed_ == commit && hasSubmodules_ == repository.submodules) return {};
        why_.clear();
        lfsTrouble_.clear();
    }
    for (int nesting = 0; nesting < mostNesting; ++nesting) {
        const auto opened = openLocked(repository, commit);
        if (!opened) return std::unexpected(opened.error());
        if (!fetchSubmodules(repository, *opened, patience)) break;
        forgetTree();
    }
    const auto opened = openLocked(repository, commit);
    if (!opened) return std::unexpected(opened.error());
    if (fetchLargeFiles(*opened, patience)) forgetTree();
    const std::scoped_lock lock(busy_);
    if (why_.empty() && lfsTrouble_.empty()) completed_ = commit;
    return {};
}

// True when the tree has more than before.
bool RepositorySource::fetchSubmodules(const RepositorySettings& repository, const Opened& opened,
                                       const Patience& patience) {
    if (!repository.submodules) return false;
    bool isMore = false;
    for (const auto& missing : opened.tree->missing) {
        if (why_.contains(missing.folder)) continue;
        const auto done = fetchSubmodule(repository, opened, missing, patience);
        isMore = isMore || done;
        if (done) continue;
        const std::scoped_lock lock(busy_);
        why_[missing.folder] = done.error().message;
    }
    return isMore;
}

Result<void> RepositorySource::fetchSubmodule(const RepositorySettings& repository,
                                              const Opened& opened, const TreePart& missing,
                                              const Patience& patience) {
    const auto& part = opened.tree->partOf(missing.folder);
    const auto parent = remotes_.find(part.folder);
    const auto* file = opened.tree->find(within(part.folder, ".gitmodules"));
    const auto unnamed = failure(Remedy::Report, "git_url", "no .gitmodules gives its url");
    if (file == nullptr || parent == remotes_.end()) return unnamed;
    const auto text = readBlob(opened.objects.get(), *file, largestGitmodules);
    if (!text) return std::unexpected(text.error());
    const auto known = readGitmodules(*text);
    const auto inner =
        part.folder == "." ? missing.folder : missing.folder.substr(part.folder.size() + 1);
    const auto named = known.find(inner);
    if (named == known.end()) return unnamed;
    auto settings = submoduleSettings(repository, parent->second.settings.url, missing.folder,
                                      named->second, missing.commit, state_);
    if (!settings) return std::unexpected(settings.error());
    const fs::path mirror = mirrors_ / mirrorName(*settings);
    auto fetched = updateOne(mirror, *settings, patience);
    if (!fetched && fetched.error().code == "git_damaged") {
        removeTree(mirror);
        fetched = updateOne(mirror, *settings, patience);
    }
    if (!fetched) return std::unexpected(fetched.error());
    forgetOtherUrls(*settings);
    const std::scoped_lock lock(busy_);
    remotes_[missing.folder] = {*std::move(settings), mirror};
    return {};
}

// True when files came.
bool RepositorySource::fetchLargeFiles(const Opened& opened, const Patience& patience) {
    std::set<std::string> folders;
    for (const auto& one : opened.tree->unlike)
        if (one.reason == "lfs_not_fetched") folders.insert(opened.tree->partOf(one.path).folder);
    bool isMore = false;
    for (const auto& folder : folders) {
        const auto remote = remotes_.find(folder);
        const auto part = std::ranges::find(opened.tree->parts, folder, &TreePart::folder);
        if (remote == remotes_.end()) continue;
        auto done =
            fetchLfs(remote->second.mirror, remote->second.settings, part->commit, patience);
        isMore = isMore || done;
        if (done) continue;
        const std::scoped_lock lock(busy_);
        lfsTrouble_ = done.error().message;
    }
    return isMore;
}

Result<GitOwned<git_repository>> RepositorySource::openMirrors(
    const RepositorySettings& repository) const {
    auto opened = openMirror(mirrors_ / mirrorName(repository));
    if (!opened) return opened;
    const auto objects = openObjects(opened->get());
    if (!objects) return std::unexpected(objects.error());
    for (const auto& [folder, remote] : remotes_)
        if (folder != ".")
            git_odb_add_disk_alternate(objects->get(), (remote.mirror / "objects").c_str());
    return opened;
}

Result<RepositorySource::Opened> RepositorySource::open(const RepositorySettings& repository,
                                                        const std::string& commit) {
    if (!isFullHash(commit))
        return failure(Remedy::Report, "git_no_ref",
                       "\"" + scrubbed(commit) + "\" is not a commit");
    auto mirror = openMirrors(repository);
    if (!mirror) return std::unexpected(mirror.error());
    auto objects = openObjects(mirror->get());
    if (!objects) return std::unexpected(objects.error());
    if (!tree_ || tree_->commit != commit || hasSubmodules_ != repository.submodules) {
        auto tree = readTree(mirror->get(), commit,
                             repository.submodules ? Submodules::Taken : Submodules::LeftOut);
        if (!tree) return std::unexpected(tree.error());
        if (auto done = noteForms(mirror->get(), *tree, forms_); !done)
            return std::unexpected(done.error());
        if (auto done = noteUnlike(objects->get(), *tree); !done)
            return std::unexpected(done.error());
        tree_ = std::make_shared<const SourceTree>(*std::move(tree));
        hasSubmodules_ = repository.submodules;
    }
    return Opened{*std::move(mirror), *std::move(objects), tree_};
}

const RepositorySource::Remote* RepositorySource::remoteOf(const SourceTree& tree,
                                                           const TreeFile& file) const {
    const auto it = remotes_.find(tree.partOf(file.path).folder);
    return it == remotes_.end() ? nullptr : &it->second;
}

// A pointer whose file is here gets the file's hash into its form.
Result<void> RepositorySource::noteUnlike(git_odb* objects, SourceTree& tree) const {
    for (auto& file : tree.files) {
        if (!isLargeFile(file) && !isGitCrypt(file)) continue;
        const auto text = readBlob(objects, file, largestFile);
        if (!text && text.error().code == "git_huge_file") continue;
        if (!text) return std::unexpected(text.error());
        if (isGitCrypt(file)) {
            if (text->starts_with(gitCryptTitle)) tree.unlike.push_back({file.path, "git_crypt"});
            continue;
        }
        const auto pointer = readLfsPointer(*text);
        if (!pointer) continue;
        const auto* remote = remoteOf(tree, file);
        if (remote != nullptr && hasLfsObject(remote->mirror, *pointer))
            file.form += " lfs=" + pointer->oid;
        else
            tree.unlike.push_back({file.path, "lfs_not_fetched"});
    }
    return {};
}

Result<std::string> RepositorySource::bytesOf(const Opened& opened, const TreeFile& file) const {
    const std::string oid(wordOf(file.form, "lfs"));
    const auto* remote = oid.empty() ? nullptr : remoteOf(*opened.tree, file);
    if (remote == nullptr)
        return checkedOutBytes(opened.repository.get(), opened.objects.get(), *opened.tree, file,
                               largestFile);
    std::ifstream in(lfsObject(remote->mirror, {oid, 0}), std::ios::binary);
    std::string bytes((std::istreambuf_iterator<char>(in)), std::istreambuf_iterator<char>());
    if (hex(sha256(bytes)) == oid) return bytes;
    return failure(Remedy::Retry, "lfs_not_fetched",
                   "\"" + scrubbed(file.path) + "\" is damaged in the mirror");
}

GitFolder RepositorySource::gitFolder(const RepositorySettings& repository,
                                      const Opened& opened) const {
    const auto url = parseRemoteUrl(repository.url);
    return {opened.tree->commit,
            isFullHash(repository.ref) ? std::string() : branchOf(opened.repository.get()),
            url ? url->text : std::string(), mirrors_ / mirrorName(repository) / "objects"};
}

std::string RepositorySource::whyMissing(const std::string& folder) const {
    if (!hasSubmodules_) return "`submodules: false` in the settings";
    const auto it = why_.find(folder);
    return it == why_.end() ? "it was not fetched" : it->second;
}

void RepositorySource::forget(const RepositorySettings& repository) {
    removeTree(mirrors_ / mirrorName(repository));
    for (const auto& [folder, remote] : remotes_) removeTree(remote.mirror);
    remotes_.clear();
    completed_.clear();
    tree_.reset();
}

void RepositorySource::forgetOtherUrls(const RepositorySettings& repository) const {
    const std::string name = mirrorName(repository);
    const std::string whose = name.substr(0, name.find('-') + 1);
    std::vector<fs::path> others;
    std::error_code error;
    for (fs::directory_iterator it(mirrors_, error), end; !error && it != end; it.increment(error))
        if (const std::string other = it->path().filename();
            other.starts_with(whose) && other != name)
            others.push_back(it->path());
    for (const auto& other : others) removeTree(other);
}

}  // namespace driftkeeper
