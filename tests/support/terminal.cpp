#include "tests/support/terminal.hpp"

#include <poll.h>
#include <pty.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdlib>
#include <stdexcept>

namespace driftkeeper::tests {
namespace {

std::vector<char*> pointers(std::vector<std::string>& words) {
    std::vector<char*> all;
    for (auto& word : words) all.push_back(word.data());
    all.push_back(nullptr);
    return all;
}

std::vector<std::string> environmentWith(const Environment& more) {
    std::vector<std::string> all;
    for (char** at = environ; *at != nullptr; ++at) {
        const std::string entry = *at;
        if (!more.contains(entry.substr(0, entry.find('=')))) all.push_back(entry);
    }
    for (const auto& [name, value] : more) all.push_back(name + "=" + value);
    return all;
}

}  // namespace

Terminal::Terminal(const std::vector<std::string>& argv, unsigned short columns,
                   unsigned short rows, const Environment& more) {
    std::vector<std::string> words = argv;
    std::vector<std::string> environment = environmentWith(more);
    auto arguments = pointers(words);
    auto variables = pointers(environment);
    const winsize size{rows, columns, 0, 0};
    pid_ = forkpty(&descriptor_, nullptr, nullptr, &size);
    if (pid_ < 0) throw std::runtime_error("no terminal");
    if (pid_ == 0) {
        execvpe(arguments[0], arguments.data(), variables.data());
        _exit(127);
    }
}

Terminal::~Terminal() {
    if (pid_ != 0) {
        kill(pid_, SIGKILL);
        waitpid(pid_, nullptr, 0);
    }
    close(descriptor_);
}

bool Terminal::readMore(std::chrono::milliseconds most) {
    pollfd wanted{descriptor_, POLLIN, 0};
    if (poll(&wanted, 1, static_cast<int>(most.count())) <= 0) return true;
    char buffer[4096];
    const ssize_t got = read(descriptor_, buffer, sizeof(buffer));
    if (got <= 0) return false;
    output_.append(buffer, static_cast<std::size_t>(got));
    return true;
}

const std::string& Terminal::output() {
    return output_;
}

bool Terminal::await(std::string_view text, std::size_t from, std::chrono::seconds limit) {
    const auto end = std::chrono::steady_clock::now() + limit;
    while (output_.find(text, from) == std::string::npos) {
        if (std::chrono::steady_clock::now() > end) return false;
        if (!readMore(std::chrono::milliseconds(100)))
            return output_.find(text, from) != std::string::npos;
    }
    return true;
}

void Terminal::type(std::string_view keys) const {
    if (write(descriptor_, keys.data(), keys.size()) < 0)
        throw std::runtime_error("the terminal is gone");
}

int Terminal::wait(std::chrono::seconds limit) {
    const auto end = std::chrono::steady_clock::now() + limit;
    while (readMore(std::chrono::milliseconds(100)))
        if (std::chrono::steady_clock::now() > end) kill(pid_, SIGKILL);
    int status = 0;
    waitpid(pid_, &status, 0);
    pid_ = 0;
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

}  // namespace driftkeeper::tests
