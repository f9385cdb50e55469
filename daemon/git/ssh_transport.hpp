#pragma once

struct git_remote;
struct git_transport;

namespace driftkeeper {

// A git_transport_cb for ssh URLs, over libssh2. Host keys are held to the known_hosts file of the current Attempt and
// to nothing else; the server is asked for the types of key that the file lists. Runs git-upload-pack only. Failures
// are left in the Attempt: git_host_key, git_credentials, git_rsa_key (FixSetup), git_not_found, git_unreachable,
// git_timeout.
int makeSshTransport(git_transport** out, git_remote* owner, void* payload);

}  // namespace driftkeeper
