#include "tests/support/run.hpp"

#include <fcntl.h>
#include <poll.h>
#include <spawn.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <stdexcept>
#include <utility>

namespace driftkeeper::tests {
namespace {

class Descriptor {
public:
    explicit Descriptor(int number) : number_(number) {}
    ~Descriptor() { close(); }
    Descriptor(Descriptor&& other) noexcept : number_(std::exchange(other.number_, -1)) {}
    Descriptor& operator=(Descriptor&& other) noexcept {
        std::swap(number_, other.number_);
        return *this;
    }

    int number() const { return number_; }
    bool isOpen() const { return number_ >= 0; }
    void close() {
        if (number_ >= 0) ::close(number_);
        number_ = -1;
    }

private:
    int number_;
};

struct Pipe {
    Descriptor read;
    Descriptor write;
};

Pipe makePipe() {
    std::array<int, 2> ends{};
    if (pipe2(ends.data(), O_CLOEXEC) != 0) throw std::runtime_error("no pipe");
    return {Descriptor(ends[0]), Descriptor(ends[1])};
}

std::vector<std::string> variables(const RunOptions& options) {
    Environment all = options.env;
    for (char** entry = environ; !options.onlyThisEnvironment && *entry != nullptr; ++entry) {
        const std::string text = *entry;
        const std::size_t equals = text.find('=');
        all.try_emplace(text.substr(0, equals), text.substr(equals + 1));
    }
    std::vector<std::string> texts;
    for (const auto& [name, value] : all) texts.push_back(name + '=' + value);
    return texts;
}

std::vector<char*> pointers(std::vector<std::string>& texts) {
    std::vector<char*> result;
    for (std::string& text : texts) result.push_back(text.data());
    result.push_back(nullptr);
    return result;
}

pid_t start(std::vector<std::string> argv, const RunOptions& options, const Pipe& in,
            const Pipe& out, const Pipe& err) {
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    if (!options.cwd.empty()) posix_spawn_file_actions_addchdir_np(&actions, options.cwd.c_str());
    posix_spawn_file_actions_adddup2(&actions, in.read.number(), 0);
    posix_spawn_file_actions_adddup2(&actions, out.write.number(), 1);
    posix_spawn_file_actions_adddup2(&actions, err.write.number(), 2);
    posix_spawnattr_t attributes;
    posix_spawnattr_init(&attributes);
    posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETPGROUP);
    std::vector<std::string> env = variables(options);
    pid_t pid = 0;
    const int error = posix_spawnp(&pid, argv.at(0).c_str(), &actions, &attributes,
                                   pointers(argv).data(), pointers(env).data());
    posix_spawn_file_actions_destroy(&actions);
    posix_spawnattr_destroy(&attributes);
    if (error != 0)
        throw std::runtime_error("cannot start " + argv[0] + ": " + std::strerror(error));
    return pid;
}

// False at the end of the pipe.
bool readSome(Descriptor& from, std::string& into) {
    std::array<char, 65536> buffer;
    for (;;) {
        const ssize_t count = read(from.number(), buffer.data(), buffer.size());
        if (count < 0) return errno == EAGAIN;
        if (count == 0) return false;
        into.append(buffer.data(), static_cast<std::size_t>(count));
    }
}

// False when nobody listens any more or all is said.
bool writeSome(Descriptor& to, std::string& rest) {
    const ssize_t count = write(to.number(), rest.data(), rest.size());
    if (count < 0) return errno == EAGAIN;
    rest.erase(0, static_cast<std::size_t>(count));
    return !rest.empty();
}

int statusOf(pid_t pid) {
    int status = 0;
    waitpid(pid, &status, 0);
    return WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
}

}  // namespace

Finished run(const std::vector<std::string>& argv, const RunOptions& options) {
    std::signal(SIGPIPE, SIG_IGN);
    Pipe in = makePipe(), out = makePipe(), err = makePipe();
    const pid_t pid = start(argv, options, in, out, err);
    const Descriptor process(static_cast<int>(syscall(SYS_pidfd_open, pid, 0)));
    in.read.close();
    out.write.close();
    err.write.close();
    for (Descriptor* end : {&in.write, &out.read, &err.read})
        fcntl(end->number(), F_SETFL, O_NONBLOCK);

    Finished finished;
    std::string input = options.input;
    if (input.empty()) in.write.close();
    const auto deadline = std::chrono::steady_clock::now() + options.timeout;
    for (bool over = false; !over;) {
        std::array<pollfd, 4> waits{
            pollfd{process.number(), POLLIN, 0}, pollfd{in.write.number(), POLLOUT, 0},
            pollfd{out.read.number(), POLLIN, 0}, pollfd{err.read.number(), POLLIN, 0}};
        const auto left = std::chrono::ceil<std::chrono::milliseconds>(
            deadline - std::chrono::steady_clock::now());
        const int ready =
            poll(waits.data(), waits.size(), std::max(0, static_cast<int>(left.count())));
        if (ready == 0) {
            finished.timedOut = true;
            kill(-pid, SIGKILL);
        }
        over = ready == 0 || waits[0].revents != 0;
        if (in.write.isOpen() && waits[1].revents != 0 && !writeSome(in.write, input))
            in.write.close();
        if (out.read.isOpen() && !readSome(out.read, finished.out)) out.read.close();
        if (err.read.isOpen() && !readSome(err.read, finished.err)) err.read.close();
    }
    finished.status = statusOf(pid);
    return finished;
}

std::string outputOf(const std::vector<std::string>& argv, const RunOptions& options) {
    Finished finished = run(argv, options);
    if (finished.ok()) return std::move(finished.out);
    std::string command;
    for (const std::string& word : argv) command += word + ' ';
    throw std::runtime_error(command + "ended with " + std::to_string(finished.status) + ":\n" +
                             finished.out + finished.err);
}

}  // namespace driftkeeper::tests
