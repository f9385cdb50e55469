#include "providers/process/launcher.hpp"

#include <fcntl.h>
#include <poll.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <boost/process/v2/environment.hpp>
#include <boost/process/v2/process.hpp>
#include <boost/process/v2/stdio.hpp>
#include <cerrno>
#include <csignal>
#include <thread>

#include "providers/process/descriptor.hpp"
#include "providers/process/supervisor.hpp"

namespace driftkeeper::launcher {
namespace {

namespace process = boost::process::v2;
using namespace std::chrono_literals;

// No handler of ours may run in a forked child: it would write into our own wake-up pipes.
class SignalsBlocked {
public:
    SignalsBlocked() noexcept {
        sigset_t all;
        sigfillset(&all);
        ::pthread_sigmask(SIG_SETMASK, &all, &before_);
    }
    ~SignalsBlocked() { ::pthread_sigmask(SIG_SETMASK, &before_, nullptr); }
    SignalsBlocked(const SignalsBlocked&) = delete;
    SignalsBlocked& operator=(const SignalsBlocked&) = delete;

private:
    sigset_t before_{};
};

class Launcher : public process::posix::default_launcher {
public:
    explicit Launcher(const Start& start)
        : start_(start),
          program_(start.program),
          environment_(start.environment),
          stdio_{start.in, start.out, start.err},
          argv_(build_argv_(program_, start.arguments)) {
        environment_.on_setup(*this, program_, argv_);
    }

    // Between fork and exec: system calls only. Returns only when the program cannot start.
    Failure becomeProgram() noexcept {
        if (const auto error = stdio_.on_exec_setup(*this, program_, argv_)) return {error.value()};
        if (start_.group >= 0 && ::write(start_.group, "0", 1) != 1) return {errno};
        if (start_.room != nullptr)
            if (const room::Failure failure = room::build(*start_.room); failure.error != 0)
                return {failure.error, true, failure.step};
        if (::chdir(start_.directory.c_str()) != 0) return {errno};
        const supervisor::Walls walls{start_.room, start_.ruleset, start_.filter, start_.network,
                                      start_.limits};
        if (const int error = supervisor::split(start_.control, walls)) return {error};
        ::execve(program_.c_str(), const_cast<char* const*>(argv_), const_cast<char* const*>(env));
        return {errno};
    }

private:
    const Start& start_;
    process::filesystem::path program_;
    process::process_environment environment_;
    process::process_stdio stdio_;
    const char* const* argv_;
};

// A killed child that hangs in the kernel is left to init.
void reapSoon(pid_t pid) noexcept {
    for (int tries = 0; tries < 500; ++tries) {
        if (::waitpid(pid, nullptr, WNOHANG) != 0) return;
        std::this_thread::sleep_for(10ms);
    }
}

// What the other end said before exec closed it.
Failure answer(int pipe, std::chrono::milliseconds limit) noexcept {
    const auto deadline = std::chrono::steady_clock::now() + limit;
    for (;;) {
        const auto left = std::chrono::ceil<std::chrono::milliseconds>(
            deadline - std::chrono::steady_clock::now());
        pollfd wait{pipe, POLLIN, 0};
        const int ready =
            ::poll(&wait, 1, static_cast<int>(std::max<std::int64_t>(left.count(), 0)));
        if (ready < 0 && errno == EINTR) continue;
        if (ready < 0) return {errno};
        if (ready == 0) return {ETIMEDOUT};
        Failure failure;
        const ssize_t size = ::read(pipe, &failure, sizeof failure);
        if (size < 0 && errno == EINTR) continue;
        return size == sizeof failure ? failure : Failure{};
    }
}

}  // namespace

std::expected<pid_t, Failure> launch(const Start& start, std::chrono::milliseconds limit) {
    Launcher launcher(start);
    std::array<int, 2> ends{};
    if (::pipe2(ends.data(), O_CLOEXEC) != 0) return std::unexpected(Failure{errno});
    const Descriptor ours(ends[0]);
    Descriptor theirs(ends[1]);

    pid_t pid = -1;
    {
        const SignalsBlocked blocked;
        pid = start.room != nullptr ? room::fork() : ::fork();
        if (pid == 0) {
            const Failure failure = launcher.becomeProgram();
            (void)!::write(theirs.get(), &failure, sizeof failure);
            ::_exit(127);
        }
    }
    if (pid < 0) return std::unexpected(Failure{errno, start.room != nullptr});
    theirs.close();
    const Failure failure = answer(ours.get(), limit);
    if (failure.error == 0) return pid;
    if (failure.error == ETIMEDOUT) ::kill(pid, SIGKILL);  // its program dies with it
    reapSoon(pid);
    return std::unexpected(failure);
}

}  // namespace driftkeeper::launcher
