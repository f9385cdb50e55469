#pragma once

#include <string_view>

#include "providers/look/timed_runner.hpp"
#include "providers/terraform/calls.hpp"

namespace driftkeeper::terraform {

// Runs init. In the daemon it gets an empty HOME, since what a plan leaves in its own would run
// with more rights here, and a folder of the stack for the plugins that it downloads: what fits the
// lock file is shared afterwards (plugin_packages.hpp). `lockText`: of the lock file before. A
// result of any status, or the reason why it did not run to its end.
Outcome<ToolResult> runInit(const Session& session, TimedRunner& runner, LockFileMode lockFile,
                            std::string_view lockText, ToolName tool);

}  // namespace driftkeeper::terraform
