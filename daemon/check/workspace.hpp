#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "daemon/git/checkouts.hpp"
#include "daemon/model/settings.hpp"
#include "daemon/model/stack.hpp"
#include "parsers/result.hpp"
#include "providers/look/provider.hpp"
#include "providers/process/sandbox.hpp"

namespace driftkeeper {

// Where things lie below the state directory.
std::filesystem::path privateDirectoryOf(const Settings& settings, const Stack& stack);
std::filesystem::path notesDirectoryOf(const Settings& settings, const Stack& stack);
// Of an option of kind CacheFolder: what the settings give, else its folder below the daemon's
// caches.
std::filesystem::path cacheFolderOf(const Settings& settings, std::string_view provider,
                                    const OptionSpec& spec);

// What the settings say of a look at this stack; the source (root, directory, commit, digest) is
// placeSource's to add. Reads the stack's environment file and makes the plugin cache: fails with
// `environment_file` or `directory_unwritable` (FixSetup).
Result<Workspace> daemonWorkspace(const Settings& settings, const Stack& stack);

// How tools are confined. Fails (FixSetup) when the settings want what this kernel does not give.
Result<SandboxPolicy> sandboxPolicyOf(const Settings& settings);

// What a check may use, on this host.
Limits limitsOf(const Settings& settings);

// How they are confined on this host, and what that leaves open, for people.
std::string sandboxWords(const Settings& settings);

// Whether tools see a checkout that all share, with what they write laid over it, or a copy of
// their own: `mode` and the kernel must give rooms, and the file system of the checkouts an
// overlay.
enum class LaysOver { Yes, No };
LaysOver laysOver(const Checkouts& checkouts, SandboxMode mode);

// Puts the source where the look's tools see it: at the repository's checkout_path, or in a copy of
// the stack's own. `source` must be held until the look ends. Errors: as Checkouts::ownCopy.
Result<void> placeSource(Workspace& workspace, Checkouts& checkouts,
                         const RepositorySettings& repository, const Stack& stack,
                         const Export& source, LaysOver laysOver);

// Everything that a tool must not reach: state, credentials, every file that the settings name as a
// secret.
std::vector<std::filesystem::path> secretsOf(const Settings& settings);

}  // namespace driftkeeper
