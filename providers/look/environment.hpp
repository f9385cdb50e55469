#pragma once

#include <map>
#include <string>
#include <string_view>

#include "providers/look/provider.hpp"
#include "providers/process/tool_runner.hpp"

namespace driftkeeper {

using Environment = std::map<std::string, std::string>;

// The environment of this process.
Environment callerEnvironment();

// What every tool of a look sees, before the words of its own. In the daemon an allow-list of
// `caller`, the settings' environment and a private HOME; for a working tree the caller's
// environment less the forbidden names.
Environment lookEnvironment(const Workspace& workspace, const Environment& caller);

// TF_CLI_ARGS* TF_LOG* TF_REATTACH_PROVIDERS TF_DATA_DIR TF_WORKSPACE LD_*: they change what a look
// means.
bool isForbidden(std::string_view name) noexcept;

// A variable's value; empty when it is not set.
std::string valueOf(const Environment& environment, const std::string& name);

// Where the tools of a look may go: the source tree and their configuration are readable whatever
// hides them, and so is what the settings name in the stack's environment; what the environment
// names else is readable unless hidden. Only the private directory is writable; for a working tree
// also where tools of the caller keep tokens and caches that they refresh. Looks at the disk.
Sandbox lookSandbox(const Workspace& workspace, const Environment& environment);

}  // namespace driftkeeper
