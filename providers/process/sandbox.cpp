#include "providers/process/sandbox.hpp"

#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <fmt/format.h>
#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <fstream>

#include "providers/process/landlock.hpp"
#include "providers/process/remove_tree.hpp"
#include "providers/process/room.hpp"

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

// What an overlay must do: a file is written, one of the lower tree removed, and a folder made and
// renamed in its place.
bool writesOver() noexcept {
    constexpr const char* file = "/driftkeeper-tree/file";
    constexpr const char* folder = "/driftkeeper-tree/folder";
    return ::unlink(file) == 0 && ::mkdir(folder, 0700) == 0 && ::rename(folder, file) == 0;
}

}  // namespace

const std::string& sandboxRefusal() {
    static const std::string text = refusal();
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
        gaps.emplace_back("a plan reaches the host's Unix sockets");
        if (abi < 6) gaps.emplace_back("a plan can send signals to the daemon");
    }
    gaps.emplace_back("a plan reaches services on the host's loopback");
    return gaps;
}

bool sandboxCanOverlay(const fs::path& folder) {
    if (!sandboxRefusal().empty()) return false;
    std::string name = (folder / ".overlay-XXXXXX").string();
    if (::mkdtemp(name.data()) == nullptr) return false;
    const fs::path place = name;
    std::error_code error;
    fs::create_directory(place / "tree", error);
    std::ofstream(place / "tree/file") << "text";
    Sandbox sandbox;
    sandbox.tree = {place / "tree", "/driftkeeper-tree", place / "scratch"};
    const room::Failure failure = tryRoom(room::planOf(sandbox, {}, {}), writesOver);
    removeTree(place);
    return failure.error == 0;
}

}  // namespace driftkeeper
