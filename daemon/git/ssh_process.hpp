#pragma once

#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "daemon/git/attempt.hpp"
#include "parsers/result.hpp"

namespace driftkeeper {

// OpenSSH's `ssh`, connected to `git-upload-pack` of one repository. All ends with the patience of
// the attempt, which must outlive this; the program and what it started are gone when this is. One
// thread: that of the attempt.
class SshProcess {
public:
    // Does not wait for the server. Errors: those of sshArguments; git_ssh: there is no such
    // program.
    static Result<std::unique_ptr<SshProcess>> start(const Attempt& attempt);
    ~SshProcess();

    // Number of bytes; 0 once the remote command has ended well. Errors: sshError's, git_timeout.
    Result<std::size_t> read(std::span<char> buffer);
    Result<void> write(std::string_view bytes);

private:
    struct State;
    explicit SshProcess(std::unique_ptr<State> state);
    std::unique_ptr<State> state_;
};

}  // namespace driftkeeper
