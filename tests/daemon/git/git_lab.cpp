#include "git_lab.hpp"

#include <arpa/inet.h>
#include <doctest/doctest.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <signal.h>
#include <spawn.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <sstream>

extern char** environ;

namespace driftkeeper::tests {

namespace fs = std::filesystem;

namespace {
// No configuration and no identity of whoever runs the tests.
constexpr const char* environment =
    "export GIT_CONFIG_NOSYSTEM=1 GIT_CONFIG_GLOBAL=/dev/null GIT_AUTHOR_NAME=a "
    "GIT_AUTHOR_EMAIL=a@example.org "
    "GIT_COMMITTER_NAME=a GIT_COMMITTER_EMAIL=a@example.org LC_ALL=C; ";

std::string quoted(const std::string& text) {
    std::string out = "'";
    for (const char c : text) out += c == '\'' ? std::string("'\\''") : std::string(1, c);
    return out + "'";
}

int boundSocket(int& port) {
    const int socket = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    REQUIRE(::bind(socket, reinterpret_cast<const sockaddr*>(&address), size) == 0);
    REQUIRE(::getsockname(socket, reinterpret_cast<sockaddr*>(&address), &size) == 0);
    port = ntohs(address.sin_port);
    return socket;
}
}  // namespace

Scratch::Scratch() {
    std::string name = fs::temp_directory_path() / "driftkeeper-git-XXXXXX";
    REQUIRE(::mkdtemp(name.data()) != nullptr);
    path_ = name;
}

Scratch::~Scratch() {
    std::error_code ignored;
    fs::remove_all(path_, ignored);
}

std::string shell(const std::string& command) {
    FILE* pipe = ::popen((environment + command).c_str(), "r");
    REQUIRE(pipe != nullptr);
    std::string out;
    std::array<char, 4096> buffer{};
    for (std::size_t n = 0; (n = std::fread(buffer.data(), 1, buffer.size(), pipe)) > 0;)
        out.append(buffer.data(), n);
    const int status = ::pclose(pipe);
    INFO(command);
    REQUIRE(status == 0);
    while (out.ends_with('\n')) out.pop_back();
    return out;
}

void writeFile(const fs::path& file, std::string_view text) {
    fs::create_directories(file.parent_path());
    std::ofstream out(file, std::ios::binary);
    out << text;
    out.flush();
    REQUIRE(out.good());
}

std::string readFile(const fs::path& file) {
    std::ifstream in(file, std::ios::binary);
    std::ostringstream text;
    text << in.rdbuf();
    return text.str();
}

std::string filesBelow(const fs::path& folder) {
    std::vector<std::string> paths;
    for (const auto& entry : fs::recursive_directory_iterator(folder))
        if (entry.is_symlink() || !entry.is_directory())
            paths.push_back(entry.path().lexically_relative(folder));
    std::ranges::sort(paths);
    std::string joined;
    for (const auto& path : paths) joined += (joined.empty() ? "" : " ") + path;
    return joined;
}

Origin::Origin(fs::path folder) : folder_(std::move(folder)) {
    shell("git init -q -b main " + quoted(folder_));
}

std::string Origin::git(const std::string& arguments) const {
    return shell("git -C " + quoted(folder_) + " " + arguments);
}

std::string Origin::commit(const std::string& file, std::string_view text) const {
    writeFile(folder_ / file, text);
    return commitAll();
}

std::string Origin::commitAll() const {
    git("-c core.safecrlf=false add -A");
    git("commit -q --allow-empty -m change");
    return git("rev-parse HEAD");
}

std::string Origin::commitTree(const std::string& tree) const {
    const auto hash = git("commit-tree -m made " + tree);
    git("update-ref refs/heads/main " + hash);
    return hash;
}

std::string Origin::blob(std::string_view text) const {
    writeFile(folder_ / ".git" / "lab", text);
    return git("hash-object -w .git/lab");
}

std::string Origin::tree(std::string_view rawEntries) const {
    writeFile(folder_ / ".git" / "lab", rawEntries);
    return git("hash-object -w -t tree --literally .git/lab");
}

std::string Origin::entry(std::string_view mode, std::string_view name, const std::string& hash) {
    std::string bytes = std::string(mode) + " " + std::string(name) + '\0';
    for (std::size_t i = 0; i + 1 < hash.size(); i += 2)
        bytes += static_cast<char>(std::stoi(hash.substr(i, 2), nullptr, 16));
    return bytes;
}

Server::Server(const std::vector<std::string>& arguments, std::string_view ready) {
    std::array<int, 2> pipe{};
    REQUIRE(::pipe2(pipe.data(), O_CLOEXEC) == 0);
    output_ = pipe[0];
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_adddup2(&actions, pipe[1], 1);
    posix_spawn_file_actions_adddup2(&actions, pipe[1], 2);
    std::vector<char*> argv;
    for (const auto& argument : arguments) argv.push_back(const_cast<char*>(argument.c_str()));
    argv.push_back(nullptr);
    const int failed = ::posix_spawn(&process_, argv[0], &actions, nullptr, argv.data(), environ);
    posix_spawn_file_actions_destroy(&actions);
    ::close(pipe[1]);
    REQUIRE(failed == 0);
    std::string said;
    for (char c = 0; ::read(output_, &c, 1) == 1;) {
        said += c;
        if (c != '\n') {
            line_ += c;
            continue;
        }
        if (line_.find(ready) != std::string::npos) return;
        line_.clear();
    }
    FAIL("the server ended: " << said);
}

Server::~Server() {
    if (process_ > 0) {
        ::kill(process_, SIGTERM);
        ::waitpid(process_, nullptr, 0);
    }
    if (output_ >= 0) ::close(output_);
}

int freePort() {
    int port = 0;
    ::close(boundSocket(port));
    return port;
}

RepositorySettings repositoryAt(const std::string& url, const std::string& ref) {
    RepositorySettings settings;
    settings.name = "infra";
    settings.url = url;
    settings.ref = ref;
    return settings;
}

Stack stackAt(const std::string& path, std::vector<std::string> closure) {
    Stack stack;
    stack.provider = "terraform";
    stack.id = "7f3c0000-0000-4000-8000-000000000001";
    stack.repository = "infra";
    stack.name = path;
    stack.path = path;
    stack.closure = closure.empty() ? std::vector<std::string>{path} : std::move(closure);
    return stack;
}

}  // namespace driftkeeper::tests
