#pragma once

#include <filesystem>
#include <map>
#include <memory>
#include <mutex>
#include <string>

#include "daemon/git/connection.hpp"
#include "daemon/git/forms.hpp"
#include "daemon/git/git_folder.hpp"
#include "daemon/git/libgit.hpp"
#include "daemon/git/source_tree.hpp"
#include "daemon/model/settings.hpp"
#include "parsers/result.hpp"

namespace driftkeeper {

// One repository as the daemon has it: its mirror, those of its submodules, the files of Git LFS in
// them, and the tree that was read last. Whoever calls holds `busy`, but for update(): that is for
// one thread at a time, and takes `busy` only for what it does here.
class RepositorySource {
public:
    // `mirrors`: the folder of all mirrors; `state`: where no submodule may lead.
    RepositorySource(std::filesystem::path mirrors, std::filesystem::path state, std::mutex& busy)
        : mirrors_(std::move(mirrors)), state_(std::move(state)), busy_(busy) {}

    // The mirror's folder. Another url is another mirror; the part before the last '-' tells whose.
    static std::string mirrorName(const RepositorySettings& repository);

    // Brings everything up to date; the commit that the ref names now. What a submodule or Git LFS
    // does not give is noted, and asked for again the next time. Errors as Checkouts::sync.
    Result<std::string> update(const RepositorySettings& repository, const Patience& patience);

    // What is open for one use.
    struct Opened {
        GitOwned<git_repository> repository;
        GitOwned<git_odb> objects;
        std::shared_ptr<const SourceTree> tree;
    };
    // Errors: git_no_ref, git_damaged (Retry), git_hostile_tree (Report).
    Result<Opened> open(const RepositorySettings& repository, const std::string& commit);

    // The bytes that a checkout has at a file.
    Result<std::string> bytesOf(const Opened& opened, const TreeFile& file) const;

    // What tools that ask Git are answered.
    GitFolder gitFolder(const RepositorySettings& repository, const Opened& opened) const;

    // Whether the settings want submodules, and why one of them is not here.
    [[nodiscard]] bool wantsSubmodules() const noexcept { return hasSubmodules_; }
    [[nodiscard]] std::string whyMissing(const std::string& folder) const;
    // Why Git LFS did not give its files; empty: it did, or was not asked.
    [[nodiscard]] const std::string& lfsTrouble() const noexcept { return lfsTrouble_; }

    // The mirrors are damaged: they go, and the next update makes them again.
    void forget(const RepositorySettings& repository);

private:
    struct Remote {
        RepositorySettings settings;
        std::filesystem::path mirror;
    };
    Result<std::string> updateOne(const std::filesystem::path& folder,
                                  const RepositorySettings& repository, const Patience& patience);
    Result<Opened> openLocked(const RepositorySettings& repository, const std::string& commit);
    void forgetTree();
    Result<void> updateParts(const RepositorySettings& repository, const std::string& commit,
                             const Patience& patience);
    bool fetchSubmodules(const RepositorySettings& repository, const Opened& opened,
                         const Patience& patience);
    Result<void> fetchSubmodule(const RepositorySettings& repository, const Opened& opened,
                                const TreePart& missing, const Patience& patience);
    bool fetchLargeFiles(const Opened& opened, const Patience& patience);
    Result<void> noteUnlike(git_odb* objects, SourceTree& tree) const;
    Result<GitOwned<git_repository>> openMirrors(const RepositorySettings& repository) const;
    const Remote* remoteOf(const SourceTree& tree, const TreeFile& file) const;
    void forgetOtherUrls(const RepositorySettings& repository) const;

    std::filesystem::path mirrors_;
    std::filesystem::path state_;
    std::mutex& busy_;  // guards what follows; only update() and forget() write it
    std::map<std::string, Remote> remotes_;   // by folder of the tree; "." is the repository's own
    std::map<std::string, std::string> why_;  // submodules that were not fetched, by folder
    std::string lfsTrouble_;
    std::string completed_;  // the commit of which everything was fetched
    KnownForms forms_;
    std::shared_ptr<const SourceTree> tree_;
    bool hasSubmodules_ = true;  // what the settings said for this tree
};

}  // namespace driftkeeper
