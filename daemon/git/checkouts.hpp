#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include "daemon/git/export.hpp"
#include "daemon/git/touch.hpp"
#include "daemon/model/settings.hpp"
#include "daemon/model/stack.hpp"
#include "parsers/result.hpp"
#include "parsers/source/source_file.hpp"
#include "providers/catalog.hpp"

namespace driftkeeper {

// What a fetch found.
struct Snapshot {
    std::string commit;             // full hash
    std::vector<SourceFile> files;  // that discovery reads
    std::vector<LeftOut> leftOut;   // files, links and folders that it does not see as they are
    std::string
        sourcesDigest{};   // of those files and of the links; changes exactly when one of them does
    bool isKnown = false;  // the caller has that digest: then no file was read
};

// Git sources: one bare mirror per repository, and one checkout per repository and commit. Thread-
// safe; work on one repository is serial, and only its sync waits for its server. Errors:
// git_unreachable, git_timeout, git_damaged (Retry) · git_url, git_credentials, git_host_key,
// git_tls, git_old_tls, git_ssh, git_redirect, git_not_found, git_disk_full, git_state, git_sha256,
// git_shallow (FixSetup) · git_no_ref,
// git_empty, git_no_path, git_hostile_tree, git_huge_file (Report). No URL with a user part and no
// secret in any message.
class Checkouts {
public:
    // `directory`: below the state directory; holds mirrors/, exports/, copies/ and scratch/, all
    // mode 0700.
    // Mirrors that were not used for 30 days are deleted. `timeLimit`: how long one sync may take;
    // resolving a name can add what resolv.conf(5) allows.
    explicit Checkouts(std::filesystem::path directory, Seconds timeLimit = Seconds{600});
    ~Checkouts();

    // Brings the mirror up to date (force pushes and moved branches included), with submodules and
    // the files of Git LFS, and says what the ref is now. Files are those of the wanted kinds; with
    // `known` as their digest they are not read again.
    Result<Snapshot> sync(const RepositorySettings& repository, std::stop_token stop,
                          const WantedKinds& wanted = nullptr, std::string_view known = {});

    // The stack's source at `commit` (one that sync gave): a checkout that all stacks of the
    // repository share, for reading only. A file over 512 MiB is an error, and so is what the stack
    // needs and the daemon does not have: submodule_not_fetched, lfs_not_fetched, git_crypt
    // (FixSetup). checkout_limit (FixSetup): no more disk may be used. A mirror found damaged is
    // deleted: the next sync makes it again.
    Result<Export> prepare(const RepositorySettings& repository, const Stack& stack,
                           const std::string& commit);

    // The same as a copy of the stack's own, at the same path every time, where tools may write:
    // exactly what the checkout has, whatever was done to it since the last time.
    Result<Export> ownCopy(const Stack& stack, const Export& source);

    // A folder of the stack's own for what tools write over the checkout, empty but for a .git, as
    // in a copy (git_folder.hpp). FixSetup: git_state, checkout_limit.
    Result<std::filesystem::path> emptyScratch(const Stack& stack, const Export& source);
    // What tools wrote is no longer needed.
    void removeScratch(const std::string& stackId);
    // The folder that holds them all.
    [[nodiscard]] std::filesystem::path scratchFolder() const;

    // Bytes that all checkouts, copies and what is written over them may use; 0: no limit. What
    // they use. What a look that runs writes is seen when the next one begins.
    void setDiskLimit(std::uint64_t bytes);
    [[nodiscard]] std::uint64_t diskUsed() const;

    // The same digest as Export::sourceDigest without writing anything.
    Result<std::string> sourceDigest(const RepositorySettings& repository, const Stack& stack,
                                     const std::string& commit);

    // The same of many stacks of one repository; nothing where a stack's folder is not in the tree.
    Result<std::vector<std::optional<std::string>>> sourceDigests(
        const RepositorySettings& repository, const std::vector<Stack>& stacks,
        const std::string& commit);

    // A file of the tree, links followed; nullopt: there is none. Over `most` bytes: git_huge_file.
    Result<std::optional<std::string>> file(const RepositorySettings& repository,
                                            const std::string& commit, const std::string& path,
                                            std::uint64_t most);

    // Files that the stack depends on and that SOPS encrypts: what a look makes of them needs their
    // key. The first 20.
    Result<std::vector<std::string>> sopsFiles(const RepositorySettings& repository,
                                               const Stack& stack, const std::string& commit);

    // The last commit that changed one of the files or folders (touch.hpp), or anything that the
    // stack depends on.
    Result<std::optional<Touch>> lastTouch(const RepositorySettings& repository,
                                           const std::string& commit,
                                           const std::vector<std::string>& paths);
    Result<std::optional<Touch>> lastTouchOf(const RepositorySettings& repository,
                                             const Stack& stack, const std::string& commit);

    // Deletes what a stack that is gone has of its own; nothing there is no error.
    void removeOwn(const std::string& stackId);

    // Blocks until what nobody uses any more is gone from the disk.
    void finishRemoving();

private:
    struct State;
    std::unique_ptr<State> state_;
};

}  // namespace driftkeeper
