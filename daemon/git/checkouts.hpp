#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

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

// A clean copy of one stack's repository at one commit.
struct Export {
    std::filesystem::path root;       // the same at every check of the stack; no .git in it
    std::filesystem::path directory;  // root / stack.path
    std::string commit;
    std::string sourceDigest;  // changes exactly when a file of the stack's closure (or its
                               // variable files) does
    std::vector<std::string>
        leftOut;  // paths that are not written: links that could leave the tree, submodules,
                  // folders that Git would take for a repository
};

// Git sources: one bare mirror per repository, one clean export per stack. Thread-safe; work on one
// repository is serial, and only its sync waits for its server. Errors: git_unreachable,
// git_timeout, git_damaged (Retry) · git_url, git_credentials, git_host_key, git_tls, git_old_tls,
// git_ssh, git_redirect, git_not_found, git_disk_full, git_state (FixSetup) · git_no_ref,
// git_empty, git_no_path, git_hostile_tree, git_huge_file (Report). No URL with a user part and no
// secret in any message.
class Checkouts {
public:
    // `directory`: below the state directory; holds mirrors/ and exports/, both mode 0700. Mirrors
    // that were not used for 30 days are deleted. `timeLimit`: how long one sync may take;
    // resolving a name can add what resolv.conf(5) allows.
    explicit Checkouts(std::filesystem::path directory, Seconds timeLimit = Seconds{600});
    ~Checkouts();

    // Brings the mirror up to date (force pushes and moved branches included) and says what the ref
    // is now. Files are those of the wanted kinds; with `known` as their digest they are not read
    // again.
    Result<Snapshot> sync(const RepositorySettings& repository, std::stop_token stop,
                          const WantedKinds& wanted = nullptr, std::string_view known = {});

    // Makes the stack's export exactly what `commit` (one that sync gave) has, whatever was done to
    // it since the last time: the whole tree when it has at most 20,000 files and 256 MiB, else the
    // stack's closure, its variable files and the files at the root. A file over 512 MiB is an
    // error. A mirror found damaged is deleted: the next sync makes it anew.
    Result<Export> prepare(const RepositorySettings& repository, const Stack& stack,
                           const std::string& commit);

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

    // The last commit that changed one of the files or folders (touch.hpp), or anything that the
    // stack depends on.
    Result<std::optional<Touch>> lastTouch(const RepositorySettings& repository,
                                           const std::string& commit,
                                           const std::vector<std::string>& paths);
    Result<std::optional<Touch>> lastTouchOf(const RepositorySettings& repository,
                                             const Stack& stack, const std::string& commit);

    // Deletes the export of a stack that is gone; nothing there is no error.
    void removeExport(const std::string& stackId);

private:
    struct State;
    std::unique_ptr<State> state_;
};

}  // namespace driftkeeper
