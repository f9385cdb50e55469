#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "providers/look/environment.hpp"
#include "providers/look/provider.hpp"
#include "providers/process/tool_runner.hpp"

// Which commands a look runs, as pure values: argv, environment, sandbox. Running them is somebody
// else's.
namespace driftkeeper::terraform {

// What all calls of one look share.
struct Session {
    std::string program = "terraform";
    std::vector<std::string> prefix;  // words of a program that runs another one, before that one's
    std::filesystem::path directory;  // where it runs: the stack, or its private copy
    std::filesystem::path dataDirectory;       // TF_DATA_DIR; empty: left to the program
    std::filesystem::path runDirectory;        // plan file
    std::filesystem::path temporaryDirectory;  // TMPDIR: where plugins make their sockets
    std::string workspace;  // TF_WORKSPACE of all but init; empty: what dataDirectory selects
    bool mayRunElsewhere = false;  // plans of this backend may run on its own hosts
    std::vector<std::string> variableFiles;
    bool evaluatesEarly = false;  // variables may stand in backends and sources: all calls get them
    std::vector<std::string> backendConfig;
    std::filesystem::path pluginCache;    // TF_PLUGIN_CACHE_DIR of init, which writes there
    std::filesystem::path sharedPlugins;  // what all stacks share; no tool writes there
    std::filesystem::path initHome;       // HOME of init; empty: that of all calls
    Environment environment;
    Sandbox sandbox;

    [[nodiscard]] std::filesystem::path planFile() const { return runDirectory / "plan"; }
};

enum class LockFileMode { MayComplete, ReadOnly };

ToolCall versionCall(const Session& session);
// Never upgrades, never migrates. Without TF_WORKSPACE: init would create a workspace that does not
// exist. `backendFiles`: BackendFiles of the session's settings.
ToolCall initCall(const Session& session, const std::vector<std::string>& backendFiles,
                  LockFileMode lockFile);
ToolCall planCall(const Session& session);  // stdout is not kept: onOutput is the caller's to set
ToolCall showCall(const Session& session);
ToolCall schemasCall(const Session& session);
ToolCall workspaceListCall(
    const Session& session);  // without TF_WORKSPACE, which would be listed as if it existed
ToolCall statePullCall(const Session& session);

// What every call of a look sees, before the words of a single call: lookEnvironment() and what
// makes terraform quiet.
Environment toolEnvironment(const Workspace& workspace, const Environment& caller);

}  // namespace driftkeeper::terraform
