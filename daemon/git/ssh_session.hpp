#pragma once

#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "daemon/git/attempt.hpp"
#include "daemon/git/connection.hpp"

struct _LIBSSH2_CHANNEL;
struct _LIBSSH2_SESSION;

namespace driftkeeper {

// One authenticated ssh session that runs one command. Used by one thread.
class SshSession {
public:
    // Connects, holds the host key to known_hosts, authenticates with the key, else the password, of `attempt`.
    // Errors: git_unreachable, git_timeout (Retry); git_host_key, git_credentials, git_rsa_key (FixSetup).
    static Result<std::unique_ptr<SshSession>> open(const Attempt& attempt);
    ~SshSession();

    Result<void> run(const std::string& command);

    // Number of bytes; 0 at the end of the output.
    Result<std::size_t> read(std::span<char> buffer);
    Result<void> write(std::string_view bytes);

    // What the command wrote to its standard error so far, at most 4 KiB.
    std::string complaint();

private:
    SshSession(Connection connection, const Attempt& attempt);
    Result<void> greet();
    Result<void> checkHostKey(std::string_view knownHosts);
    Result<void> authenticate();
    Error lost(std::string_view step) const;
    template <class Call>
    Result<long> complete(std::string_view step, Call call);

    struct Close {
        void operator()(_LIBSSH2_SESSION* session) const noexcept;
        void operator()(_LIBSSH2_CHANNEL* channel) const noexcept;
    };
    const Attempt& attempt_;
    Connection connection_;
    std::unique_ptr<_LIBSSH2_SESSION, Close> session_;
    std::unique_ptr<_LIBSSH2_CHANNEL, Close> channel_;
};

// True for private keys of type RSA (PEM or OpenSSH format).
bool isRsaKey(std::string_view privateKey);

}  // namespace driftkeeper
