#pragma once

#include <chrono>
#include <filesystem>
#include <functional>
#include <map>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include "parsers/graph/report.hpp"
#include "parsers/json/value_tags.hpp"
#include "parsers/source/source_file.hpp"
#include "providers/look/sight.hpp"
#include "providers/process/sandbox.hpp"

namespace driftkeeper {

// Everything a provider needs for one look at one stack. Paths are absolute, and as tools see them.
struct Workspace {
    std::filesystem::path root;  // the source tree that holds `directory`
    std::filesystem::path
        directory;  // the stack; without workingTree .terraform.lock.hcl lies there for a look
    Sight sight{};  // where the host has what is below `root`
    std::filesystem::path privateDirectory;  // this stack's own, kept between checks, mode 0700, at
                                             // most 80 bytes long
    std::filesystem::path notesDirectory;    // what we note about the stack from check to check,
                                             // mode 0700; no tool sees it
    std::filesystem::path history;           // Git objects that the tree's .git refers to, if any
    std::string commit;                      // empty for a working tree
    std::string repositoryUrl;               // where the tree comes from; empty: not known
    std::string ref;           // the branch or tag that is looked at; empty: not known
    std::string sourceDigest;  // of the stack's files and the local modules it uses; empty: unknown
    std::vector<std::string> closure;  // folders and files below `root` that the stack depends on

    ProviderOptions options;  // what the provider's own keys of the settings say
    std::map<std::string, std::string> environment;               // what the settings give, merged
    std::chrono::milliseconds timeout{std::chrono::minutes(30)};  // for the whole look
    std::chrono::seconds interval{std::chrono::minutes(30)};      // from one look to the next

    // True for a one-shot look at somebody's working tree: the caller's environment is inherited
    // (less the forbidden names), a local state that does not exist means "never applied", and what
    // the tree has initialised is used as it is.
    bool workingTree = false;

    std::vector<std::filesystem::path>
        hidden;  // what a tool must not reach: state directory, credentials, …
    // Which peers of this host the settings open beside those that they name elsewhere
    // (Sandbox::network); none: the tools reach what their caller does.
    std::optional<Network> network;
    std::function<void(std::string_view)> progress;  // short phrases for a terminal; may be empty
};

// What the last in_sync check of the stack knew.
struct LastClean {
    std::string commit;
    std::string sourceDigest;
    Evidence evidence;
};

// One system of record. Thread-safe: several stacks are looked at at once, one stack never twice.
class Provider {
public:
    virtual ~Provider() = default;
    [[nodiscard]] virtual std::string_view name() const noexcept = 0;

    // Never fails: what went wrong is the report's reason. Writes only below
    // workspace.privateDirectory, workspace.notesDirectory and what its options name as a cache.
    virtual Report inspect(const Workspace& workspace, const std::optional<LastClean>& lastClean,
                           std::stop_token stop) = 0;
};

}  // namespace driftkeeper
