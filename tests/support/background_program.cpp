#include "tests/support/background_program.hpp"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <stdexcept>

extern char** environ;

namespace driftkeeper::tests {
namespace {

std::vector<std::string> environmentWith(const Environment& more) {
    Environment all;
    for (char** entry = environ; *entry != nullptr; ++entry) {
        const std::string text = *entry;
        all[text.substr(0, text.find('='))] = text.substr(text.find('=') + 1);
    }
    for (const auto& [name, value] : more) all[name] = value;
    std::vector<std::string> list;
    for (const auto& [name, value] : all) list.push_back(name + "=" + value);
    return list;
}

std::vector<char*> pointers(std::vector<std::string>& texts) {
    std::vector<char*> all;
    for (auto& text : texts) all.push_back(text.data());
    all.push_back(nullptr);
    return all;
}

}  // namespace

BackgroundProgram::BackgroundProgram(std::vector<std::string> argv,
                                     const std::filesystem::path& logFile,
                                     const Environment& more) {
    std::vector<std::string> variables = environmentWith(more);
    argv.insert(argv.begin(),
                {"setpriv", "--pdeathsig", "KILL"});  // a test that crashes leaves nothing running
    auto words = pointers(argv);
    auto settings = pointers(variables);
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    const std::string log = logFile.string();
    posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, log.c_str(),
                                     O_WRONLY | O_CREAT | O_APPEND, 0600);
    posix_spawn_file_actions_adddup2(&actions, STDERR_FILENO, STDOUT_FILENO);
    posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
    const int failed =
        posix_spawnp(&pid_, words[0], &actions, nullptr, words.data(), settings.data());
    posix_spawn_file_actions_destroy(&actions);
    if (failed != 0) throw std::runtime_error(argv[3] + " cannot be started");
}

BackgroundProgram::~BackgroundProgram() {
    if (pid_ > 0) end(SIGKILL);
}

bool BackgroundProgram::running() {
    if (pid_ <= 0) return false;
    if (waitpid(pid_, &status_, WNOHANG) != pid_) return true;
    pid_ = 0;
    return false;
}

bool BackgroundProgram::endsWithin(std::chrono::milliseconds limit) {
    if (!running()) return true;
    pollfd end{static_cast<int>(syscall(SYS_pidfd_open, pid_, 0)), POLLIN, 0};
    poll(&end, 1, static_cast<int>(limit.count()));
    close(end.fd);
    return !running();
}

int BackgroundProgram::end(int signal) {
    if (running()) {
        kill(pid_, signal);
        if (!endsWithin(std::chrono::minutes(1))) {
            kill(pid_, SIGKILL);
            waitpid(pid_, &status_, 0);
            pid_ = 0;
        }
    }
    return WIFEXITED(status_) ? WEXITSTATUS(status_) : 128 + WTERMSIG(status_);
}

}  // namespace driftkeeper::tests
