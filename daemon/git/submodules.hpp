#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <string_view>

#include "daemon/model/settings.hpp"
#include "parsers/result.hpp"

namespace driftkeeper {

// Submodules, as gitmodules(5) has them. Only path and url count: no other key of the file is
// obeyed.

// Path to url of the entries that have both.
std::map<std::string, std::string> readGitmodules(std::string_view text);

// How a submodule is fetched: its commit, at its url, which may be relative to that of the
// repository that it is in. The credentials of the settings go to their own host only, and a
// submodule cannot lead to this machine when the repository is elsewhere, nor into `forbidden`.
// Error: git_url (FixSetup).
Result<RepositorySettings> submoduleSettings(const RepositorySettings& top,
                                             const std::string& parentUrl,
                                             const std::string& folder, const std::string& url,
                                             const std::string& commit,
                                             const std::filesystem::path& forbidden);

}  // namespace driftkeeper
