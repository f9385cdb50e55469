#pragma once

#include <string>
#include <vector>

#include "parsers/json/value_tags.hpp"
#include "providers/look/timed_runner.hpp"
#include "providers/terraform/calls.hpp"
#include "providers/terraform/flavour.hpp"
#include "providers/terraform/sources.hpp"

namespace driftkeeper::terraform {

// The session of a look in workspace.directory, its data below the private directory. Looks at the
// disk for what the sandbox names: the CLI settings' folders, the caller's cache folders.
Session sessionFor(const Workspace& workspace, const Environment& caller,
                   const Flavour& flavour = terraformFlavour);

// The CLI settings that the program reads: those that its environment names, else those of its
// user. Empty: none.
std::filesystem::path cliSettingsOf(const Environment& environment, const Flavour& flavour);

// Whether CLI settings replace providers by builds of somebody's own: then `init` is not to be run.
bool haveDevOverrides(const std::filesystem::path& cliSettings);

// Makes the session's folders below the private directory and that of our notes, empty where a look
// before has left something. Sockets of plugins need a short path: without one TMPDIR becomes a
// folder of its own elsewhere.
Outcome<void> makeFolders(Session& session, const Workspace& workspace, ToolName tool);

// A plan file holds secrets in clear: what a look is done with goes at once.
void removeFolders(const Session& session);

// What must not show up in a message: secret-looking variables of the environment and backend
// settings.
std::vector<std::string> secretsOf(const Session& session, const Sources& sources);

// Changes whenever something changes that init depends on: lock file, configuration of modules,
// backend and providers, backend settings and their files, program, workspace, environment, CLI
// settings.
std::string initFingerprint(const Workspace& workspace, const Session& session,
                            const Sources& sources, const std::string& lockFile,
                            const ValueTags& tags);

}  // namespace driftkeeper::terraform
