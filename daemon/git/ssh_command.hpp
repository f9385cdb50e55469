#pragma once

#include <string>
#include <vector>

#include "daemon/git/remote_url.hpp"
#include "daemon/model/settings.hpp"
#include "parsers/result.hpp"

namespace driftkeeper {

// How OpenSSH's `ssh` is called (ssh(1), ssh_config(5), 9.2): no file of the host or of a user
// counts unless ssh_config_file names it, nobody is asked for anything, and host keys are those of
// known_hosts_file.

// What `ssh` gets to read a repository. Errors (FixSetup): git_host_key, git_credentials, git_ssh:
// a file that the settings name cannot be read, or no key is set.
Result<std::vector<std::string>> sshArguments(const RemoteUrl& url,
                                              const GitCredentials& credentials);

// The same `ssh` for a program that adds whom to log in to, as GIT_SSH_COMMAND has it.
Result<std::string> sshCommandLine(const RemoteUrl& url, const GitCredentials& credentials);

// The whole environment, NAME=value. The daemon's agent and home are not in it.
std::vector<std::string> sshEnvironment(const std::string& path);

// Who logs in: the url's user, else the credentials' one, else git.
std::string sshUser(const RemoteUrl& url, const GitCredentials& credentials);

// True for a private key (PEM or OpenSSH format) that only a passphrase opens.
bool isEncryptedKey(std::string_view privateKey);

}  // namespace driftkeeper
