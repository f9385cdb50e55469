#pragma once

#include <string_view>

#include "daemon/git/remote_url.hpp"
#include "daemon/model/settings.hpp"
#include "parsers/result.hpp"

namespace driftkeeper {

// Why a call of `ssh` gave no repository, read from what it wrote to its standard error at LogLevel
// DEBUG1 (OpenSSH 9.2), which holds what the server and its command say, too. `status`: the exit
// status; -1: it did not exit. Codes: git_host_key, git_credentials, git_ssh, git_not_found
// (FixSetup); git_unreachable, git_timeout (Retry).
Error sshError(std::string_view errors, int status, const RemoteUrl& url,
               const GitCredentials& credentials);

}  // namespace driftkeeper
