#include "providers/process/sandbox.hpp"

#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <fmt/format.h>
#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <fstream>

#include "providers/process/landlock.hpp"
#include "providers/process/network_guard.hpp"
#include "providers/process/remove_tree.hpp"
#include "providers/process/room.hpp"
#include "providers/process/tool_filter.hpp"

namespace driftkeeper {
namespace {

namespace fs = std::filesystem;

// Builds a room and tries something in it. What went wrong.
template <typename Try>
room::Failure tryRoom(const room::Plan& plan, const Try& attempt) {
    int ends[2];
    if (::pipe2(ends, O_CLOEXEC) != 0) return {errno};
    const Descriptor ours(ends[0]);
    Descriptor theirs(ends[1]);
    const pid_t pid = room::fork();
    if (pid == 0) {
        room::Failure failure = room::build(plan);
        if (failure.error == 0 && !attempt()) failure.error = errno;
        (void)!::write(theirs.get(), &failure, sizeof failure);
        ::_exit(0);
    }
    if (pid < 0) return {errno};
    theirs.close();
    room::Failure failure{ECHILD};
    while (::read(ours.get(), &failure, sizeof failure) < 0 && errno == EINTR) {
    }
    while (::waitpid(pid, nullptr, 0) < 0 && errno == EINTR) {
    }
    return failure;
}

std::string refusal() {
    const room::Plan plan = room::planOf({}, {}, {});
    const room::Failure failure = tryRoom(plan, [] { return true; });
    if (failure.error == 0) return "";
    return fmt::format("{}: {}", room::describe(plan, failure.step), std::strerror(failure.error));
}

// In a process of its own: a child asks for the host's loopback, and is refused.
bool judgesPeers() noexcept {
    int ends[2];
    if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0) return false;
    const pid_t tool = ::_Fork();
    if (tool == 0) {
        ::close(ends[0]);
        ::prctl(PR_SET_DUMPABLE, 1);  // as exec makes it
        const auto& filter =
            tool_filter::filter(tool_filter::Where::Room, tool_filter::Peers::Judged);
        if (::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0 ||
            !network_guard::submit(filter, ends[1]))
            ::_exit(errno);
        sockaddr_in loopback{};
        loopback.sin_family = AF_INET;
        loopback.sin_port = htons(1);
        loopback.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        const Descriptor socket(::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0));
        const int result =
            ::connect(socket.get(), reinterpret_cast<const sockaddr*>(&loopback), sizeof loopback);
        ::_exit(result != 0 && errno == EACCES ? 0 : EPROTO);
    }
    ::close(ends[1]);
    const Descriptor listener = network_guard::accept(ends[0], tool);
    pollfd wait{listener.get(), POLLIN, 0};
    static const network_guard::Rules none;
    if (listener.isOpen() && ::poll(&wait, 1, 5000) > 0 && (wait.revents & POLLIN) != 0)
        network_guard::answer(listener.get(), none);
    ::kill(tool, listener.isOpen() ? 0 : SIGKILL);
    int status = 0;
    while (::waitpid(tool, &status, 0) < 0 && errno == EINTR) {
    }
    errno = WIFEXITED(status) ? WEXITSTATUS(status) : ECHILD;
    return errno == 0;
}

std::string networkRefused() {
    // Made before the fork.
    if (tool_filter::filter(tool_filter::Where::Room, tool_filter::Peers::Judged).empty())
        return "no filter of system calls";
    int error = 0;
    if (sandboxRefusal().empty()) {
        error = tryRoom(room::planOf({}, {}, {}), judgesPeers).error;
    } else {
        const pid_t pid = ::fork();
        if (pid == 0) ::_exit(judgesPeers() ? 0 : errno);
        int status = 0;
        while (pid > 0 && ::waitpid(pid, &status, 0) < 0 && errno == EINTR) {
        }
        error = pid > 0 && WIFEXITED(status) ? WEXITSTATUS(status) : ECHILD;
    }
    return error == 0 ? "" : std::strerror(error);
}

// What an overlay must do: a file is written, one of the lower tree removed, and a folder made and
// renamed in its place.
bool writesOver() noexcept {
    constexpr const char* file = "/driftkeeper-tree/file";
    constexpr const char* folder = "/driftkeeper-tree/folder";
    return ::unlink(file) == 0 && ::mkdir(folder, 0700) == 0 && ::rename(folder, file) == 0;
}

bool writesInto() noexcept {
    return ::mkdir("/driftkeeper-tree/.driftkeeper-tried", 0700) == 0;
}

}  // namespace

const std::string& sandboxRefusal() {
    static const std::string text = refusal();
    return text;
}

const std::string& networkRefusal() {
    static const std::string text = networkRefused();
    return text;
}

SandboxMode strongestSandbox() {
    if (sandboxRefusal().empty()) return SandboxMode::Strict;
    return landlock::version() > 0 ? SandboxMode::Landlock : SandboxMode::Off;
}

std::string_view name(SandboxMode mode) noexcept {
    switch (mode) {
        case SandboxMode::Strict:
            return "strict";
        case SandboxMode::Landlock:
            return "landlock";
        case SandboxMode::Off:
            break;
    }
    return "off";
}

std::vector<std::string> sandboxGaps(SandboxMode mode) {
    if (mode == SandboxMode::Off)
        return {
            "a plan can do all that the daemon's user can: read its state and its secrets, "
            "change them, and end it"};
    std::vector<std::string> gaps;
    const int abi = landlock::version();
    if (mode == SandboxMode::Landlock) {
        if (!sandboxRefusal().empty())
            gaps.push_back("this host gives no rooms (" + sandboxRefusal() + ")");
        gaps.emplace_back(
            "a plan can read all files of the host that the daemon's user can and that are not "
            "hidden, and change modes and times of the daemon's own");
        if (abi < 6) gaps.emplace_back("a plan can send signals to the daemon");
    }
    if (!networkRefusal().empty())
        gaps.push_back(
            "a plan reaches services on the host's loopback, its Unix sockets, and the "
            "cloud's metadata (where it connects to cannot be judged: " +
            networkRefusal() + ")");
    return gaps;
}

bool sandboxCanOverlay(const fs::path& folder, const fs::path& tree) {
    if (!sandboxRefusal().empty()) return false;
    std::string name = (folder / ".overlay-XXXXXX").string();
    if (::mkdtemp(name.data()) == nullptr) return false;
    const fs::path place = name;
    std::error_code error;
    fs::create_directory(place / "tree", error);
    std::ofstream(place / "tree/file") << "text";
    const auto works = [&](const fs::path& lower, const char* scratch, bool (*attempt)() noexcept) {
        Sandbox sandbox;
        sandbox.tree = {lower, "/driftkeeper-tree", place / scratch};
        return tryRoom(room::planOf(sandbox, {}, {}), attempt).error == 0;
    };
    const bool isPossible = works(place / "tree", "scratch", writesOver) &&
                            (tree.empty() || works(tree, "other", writesInto));
    removeTree(place);
    return isPossible;
}

}  // namespace driftkeeper
