#pragma once

#include <filesystem>
#include <memory>
#include <stop_token>
#include <string>
#include <vector>

#include "daemon/model/settings.hpp"
#include "daemon/model/stack.hpp"
#include "parsers/result.hpp"
#include "parsers/terraform/configuration.hpp"

namespace driftkeeper {

// What a fetch found.
struct Snapshot {
    std::string commit;  // full hash
    std::vector<terraform::SourceFile> files;  // configuration files of the tree (*.tf …), at most 1 MiB each
};

// A clean copy of one stack's repository at one commit.
struct Export {
    std::filesystem::path root;       // the same at every check of the stack; no .git in it
    std::filesystem::path directory;  // root / stack.path
    std::string commit;
    std::string sourceDigest;  // changes exactly when a file of the stack's closure (or its variable files) does
};

// Git sources: one bare mirror per repository, one clean export per stack. Thread-safe; work on one repository is serial.
// Errors: git_unreachable, git_timeout (Retry) · git_credentials, git_host_key, git_tls, git_old_tls, git_rsa_key (FixSetup) ·
// git_no_ref, git_empty, git_no_path, git_hostile_tree (Report) · git_disk_full. No URL with a user part in any message.
class Checkouts {
public:
    // `directory`: below the state directory; holds mirrors/ and exports/.
    explicit Checkouts(std::filesystem::path directory);
    ~Checkouts();

    // Brings the mirror up to date (force pushes and moved branches included) and says what the ref is now.
    Result<Snapshot> sync(const RepositorySettings& repository, std::stop_token stop);

    // Exports `commit` (one that sync gave) for the stack. The whole tree of the closure is written; hostile names and
    // symbolic links that leave the tree are refused or left out; a file over 512 MiB is an error.
    Result<Export> prepare(const RepositorySettings& repository, const Stack& stack, const std::string& commit);

    // The same digest as Export::sourceDigest without writing anything.
    Result<std::string> sourceDigest(const RepositorySettings& repository, const Stack& stack, const std::string& commit);

    // Deletes the export of a stack that is gone; nothing there is no error.
    void removeExport(const std::string& stackId);

private:
    struct State;
    std::unique_ptr<State> state_;
};

}  // namespace driftkeeper
