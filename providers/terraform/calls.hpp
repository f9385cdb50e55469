#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "providers/process/tool_runner.hpp"
#include "providers/provider.hpp"

// Which commands a look runs, as pure values: argv, environment, sandbox. Running them is somebody else's.
namespace driftkeeper::terraform {

using Environment = std::map<std::string, std::string>;

// What all calls of one look share.
struct Session {
    std::string program = "terraform";
    std::filesystem::path directory;           // where it runs: the stack, or its private copy
    std::filesystem::path dataDirectory;       // TF_DATA_DIR
    std::filesystem::path runDirectory;        // plan file
    std::filesystem::path temporaryDirectory;  // TMPDIR: where plugins make their sockets
    std::string workspace;                     // TF_WORKSPACE of all but init; empty: what dataDirectory selects
    std::vector<std::string> variableFiles;
    std::vector<std::string> backendConfig;
    std::filesystem::path pluginCache;
    Environment environment;
    Sandbox sandbox;

    [[nodiscard]] std::filesystem::path planFile() const { return runDirectory / "plan"; }
};

enum class LockFileMode { MayComplete, ReadOnly };

ToolCall versionCall(const Session& session);
// Never upgrades, never migrates. Without TF_WORKSPACE: init would create a workspace that does not exist.
ToolCall initCall(const Session& session, LockFileMode lockFile);
ToolCall planCall(const Session& session);  // stdout is not kept: onOutput is the caller's to set
ToolCall showCall(const Session& session);
ToolCall schemasCall(const Session& session);
ToolCall workspaceListCall(const Session& session);  // without TF_WORKSPACE, which would be listed as if it existed
ToolCall statePullCall(const Session& session);

// What every call of a look sees, before the words of a single call. In the daemon an allow-list of `caller`, the
// settings' environment and a private HOME; for a working tree the caller's environment less the forbidden names.
Environment toolEnvironment(const Workspace& workspace, const Environment& caller);

// TF_CLI_ARGS* TF_LOG* TF_REATTACH_PROVIDERS TF_DATA_DIR TF_WORKSPACE LD_*: they change what a look means.
bool isForbidden(std::string_view name) noexcept;

// The environment of this process.
Environment callerEnvironment();

}  // namespace driftkeeper::terraform
