#pragma once

struct git_remote;
struct git_transport;

namespace driftkeeper {

// A git_transport_cb for ssh URLs, over the program `ssh` (ssh_process.hpp). Runs git-upload-pack
// only. Failures are left in the current Attempt: git_host_key, git_credentials, git_ssh,
// git_not_found (FixSetup), git_unreachable, git_timeout (Retry).
int makeSshTransport(git_transport** out, git_remote* owner, void* payload);

}  // namespace driftkeeper
