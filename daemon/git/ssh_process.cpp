#include "daemon/git/ssh_process.hpp"

#include <poll.h>
#include <sys/socket.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <cstring>

#include "daemon/git/ssh_command.hpp"
#include "daemon/git/ssh_ending.hpp"
#include "providers/process/child.hpp"
#include "providers/process/find_program.hpp"
#include "providers/process/supervisor.hpp"

namespace driftkeeper {

namespace {

using Clock = std::chrono::steady_clock;

constexpr std::size_t mostErrors = 64U << 10U;         // a login at LogLevel DEBUG1 writes 5 KiB
constexpr auto startLimit = std::chrono::seconds(20);  // from fork to exec

bool isAgain(int error) {
    return error == EAGAIN || error == EINTR;
}

}  // namespace

struct SshProcess::State {
    const Attempt& attempt;
    Child child;
    std::string errors;  // the last of them
    bool hasAnswered = false;

    Result<void> wait(const Descriptor& pipe, short events);
    Result<int> exitStatus();
    Result<void> ended();
    void readErrors();
};

// What ssh complains of is read meanwhile: a full pipe would stop it.
Result<void> SshProcess::State::wait(const Descriptor& pipe, short events) {
    const auto until = Clock::now() + silenceLimit;
    for (;;) {
        std::array<pollfd, 2> wanted = {{{pipe.get(), events, 0}, {child.err.get(), POLLIN, 0}}};
        if (auto ready = attempt.patience.await(wanted, until - Clock::now()); !ready) return ready;
        if (wanted[1].revents != 0) readErrors();
        if (wanted[0].revents != 0) return {};
    }
}

void SshProcess::State::readErrors() {
    std::array<char, 4096> buffer;
    while (child.err.isOpen()) {
        const ssize_t count = ::read(child.err.get(), buffer.data(), buffer.size());
        if (count < 0 && isAgain(errno)) return;
        if (count <= 0) return child.err.close();
        errors.append(buffer.data(), static_cast<std::size_t>(count));
        if (errors.size() > 2 * mostErrors) errors.erase(0, errors.size() - mostErrors);
    }
}

// -1: by a signal.
Result<int> SshProcess::State::exitStatus() {
    if (auto ready = wait(child.control, POLLIN); !ready) return std::unexpected(ready.error());
    supervisor::Ending ending;
    const bool isWhole =
        ::recv(child.control.get(), &ending, sizeof ending, MSG_DONTWAIT) == sizeof ending;
    readErrors();
    return isWhole && ending.code == CLD_EXITED ? ending.status : -1;
}

// After the end of its output. Nothing when the remote command has done what it was asked.
Result<void> SshProcess::State::ended() {
    const auto status = exitStatus();
    if (!status) return std::unexpected(status.error());
    if (hasAnswered && *status == 0) return {};
    return std::unexpected(sshError(errors, *status, attempt.url, attempt.credentials));
}

SshProcess::SshProcess(std::unique_ptr<State> state) : state_(std::move(state)) {}
SshProcess::~SshProcess() = default;

Result<std::unique_ptr<SshProcess>> SshProcess::start(const Attempt& attempt) {
    if (auto left = attempt.patience.left(); !left) return std::unexpected(left.error());
    auto arguments = sshArguments(attempt.url, attempt.credentials);
    if (!arguments) return std::unexpected(arguments.error());
    const char* set = std::getenv("PATH");  // NOLINT(concurrency-mt-unsafe): nothing changes it
    const std::string path = set != nullptr && *set != '\0' ? set : "/usr/local/bin:/usr/bin:/bin";
    const auto program = findProgram("ssh", path, "/");
    if (!program)
        return failure(Remedy::FixSetup, "git_ssh",
                       "there is no program ssh on PATH: install openssh-client");
    auto child = Child::start({.program = program->string(),
                               .arguments = *std::move(arguments),
                               .environment = sshEnvironment(path),
                               .directory = "/"},
                              Child::Input::Pipe, startLimit);
    if (!child)
        return failure(
            Remedy::Retry, "git_ssh",
            "cannot start " + program->string() + ": " +
                std::strerror(
                    child.error().error));  // NOLINT(concurrency-mt-unsafe): glibc's is safe
    std::unique_ptr<State> state(new State{attempt, *std::move(child), {}, false});
    return std::unique_ptr<SshProcess>(new SshProcess(std::move(state)));
}

Result<std::size_t> SshProcess::read(std::span<char> buffer) {
    for (;;) {
        if (auto left = state_->attempt.patience.left(); !left)
            return std::unexpected(left.error());
        const ssize_t count = ::read(state_->child.out.get(), buffer.data(), buffer.size());
        if (count > 0) {
            state_->hasAnswered = true;
            return static_cast<std::size_t>(count);
        }
        if (count == 0 || !isAgain(errno)) break;
        if (auto ready = state_->wait(state_->child.out, POLLIN); !ready)
            return std::unexpected(ready.error());
    }
    if (auto ended = state_->ended(); !ended) return std::unexpected(ended.error());
    return 0;
}

Result<void> SshProcess::write(std::string_view bytes) {
    while (!bytes.empty()) {
        const ssize_t count = ::write(state_->child.in.get(), bytes.data(), bytes.size());
        if (count >= 0) {
            bytes.remove_prefix(static_cast<std::size_t>(count));
            continue;
        }
        if (!isAgain(errno)) {
            if (auto ended = state_->ended(); !ended) return ended;
            return failure(Remedy::Retry, "git_unreachable",
                           "the server has ended the conversation");
        }
        if (auto ready = state_->wait(state_->child.in, POLLOUT); !ready) return ready;
    }
    return {};
}

}  // namespace driftkeeper
