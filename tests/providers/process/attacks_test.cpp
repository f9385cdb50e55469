#include <doctest/doctest.h>
#include <grp.h>
#include <netinet/in.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstring>
#include <sstream>

#include "providers/process/real_tool_runner.hpp"
#include "tests/providers/process/scratch.hpp"

using namespace driftkeeper;
using tests::Scratch;

namespace attacks_test {
namespace {

namespace fs = std::filesystem;

struct Row {
    const char* attack;
    const char* outcomes;  // any of these
    const char* heldBy;
};

constexpr const char* absent = "it is not in the room";
constexpr const char* masked = "it is hidden";
constexpr const char* readOnly = "the room is read-only";
constexpr const char* processes = "PID namespace";
constexpr const char* filter = "seccomp";
constexpr const char* rights = "no capabilities";
constexpr const char* judged = "the supervisor judges peers";
constexpr const char* supervisor = "the supervisor is not dumpable";

constexpr Row rows[] = {
    {"read-token", "ENOENT", masked},
    {"read-secret-file", "EACCES", masked},
    {"list-state", "EACCES", masked},
    {"stat-token", "ENOENT", masked},
    {"read-by-link", "ENOENT", masked},
    {"read-by-self-root", "ENOENT", masked},
    {"read-by-daemon-root", "ENOENT", processes},
    {"read-by-daemon-cwd", "ENOENT", processes},
    {"path-descriptor", "ENOENT", masked},
    {"write-token", "ENOENT", masked},
    {"truncate-token", "ENOENT", masked},
    {"chmod-token", "ENOENT", masked},
    {"chmod-state", "EROFS", readOnly},
    {"chown-token", "ENOENT", masked},
    {"touch-token", "ENOENT", masked},
    {"xattr-token", "ENOENT", masked},
    {"link-token", "ENOENT", masked},
    {"rename-token", "ENOENT EXDEV", masked},
    {"unlink-token", "ENOENT EROFS", masked},
    {"watch-state", "ENOENT", masked},
    {"create-in-state", "EROFS EACCES", readOnly},
    {"read-shadow", "ENOENT", absent},
    {"list-root-home", "ENOENT", absent},
    {"list-homes", "ENOENT", absent},
    {"list-run", "ENOENT ENODATA", absent},
    {"list-var", "ENOENT", absent},
    {"list-boot", "ENOENT", absent},
    {"list-sys", "ENOENT", absent},
    {"read-kernel-memory", "ENOENT", absent},
    {"open-kmsg", "ENOENT", absent},
    {"open-disk", "ENOENT", absent},
    {"create-in-top", "EROFS EACCES", readOnly},
    {"create-in-etc", "EROFS EACCES", readOnly},
    {"create-in-usr", "EROFS EACCES", readOnly},
    {"create-in-opt", "EROFS EACCES", readOnly},
    {"create-in-tmp", "EROFS EACCES", readOnly},
    {"create-in-source", "EROFS EACCES", readOnly},
    {"replace-program", "EROFS EACCES", readOnly},
    {"write-sysctl", "EROFS EACCES ENOENT", rights},
    {"write-sysrq", "EROFS EACCES ENOENT", rights},
    {"make-device", "EPERM EACCES", rights},
    {"set-user-id", "EPERM", filter},
    {"set-group-id", "EPERM", filter},
    {"create-set-user-id", "EPERM", filter},
    {"signal-daemon", "ESRCH", processes},
    {"kill-daemon", "ESRCH", processes},
    {"limit-daemon", "EPERM", filter},
    {"limit-supervisor", "EPERM", filter},
    {"priority-of-daemon", "ESRCH", processes},
    {"affinity-of-daemon", "ESRCH", processes},
    {"io-priority-of-daemon", "ESRCH", processes},
    {"pidfd-of-daemon", "ESRCH EINVAL", processes},
    {"environment-of-daemon", "ENOENT", processes},
    {"memory-of-daemon", "ENOENT", processes},
    {"words-of-daemon", "ENOENT", processes},
    {"environment-of-supervisor", "EACCES ENODATA", supervisor},
    {"memory-of-supervisor", "EACCES", supervisor},
    {"descriptors-of-supervisor", "EACCES", supervisor},
    {"trace-supervisor", "EPERM", filter},
    {"read-supervisor", "EPERM", filter},
    {"take-descriptor", "EPERM", filter},
    {"compare-processes", "EPERM", filter},
    {"enter-namespace", "EPERM", filter},
    {"lower-oom-score", "EACCES EPERM", rights},
    {"raise-core-limit", "EPERM", rights},
    {"user-namespace", "EPERM", filter},
    {"mount-namespace", "EPERM", filter},
    {"network-namespace", "EPERM", filter},
    {"clone-user-namespace", "EPERM", filter},
    {"clone3", "ENOSYS", filter},
    {"mount", "EPERM", filter},
    {"unmount", "EPERM", filter},
    {"remount", "EPERM", filter},
    {"pivot", "EPERM", filter},
    {"chroot", "EPERM", filter},
    {"new-file-system", "EPERM", filter},
    {"clone-tree", "EPERM", filter},
    {"bpf", "EPERM", filter},
    {"perf", "EPERM", filter},
    {"userfault", "EPERM", filter},
    {"io-uring", "EPERM", filter},
    {"add-key", "EPERM", filter},
    {"read-keys", "EPERM", filter},
    {"personality", "EPERM", filter},
    {"file-handle", "EPERM", filter},
    {"fanotify", "EPERM", filter},
    {"type-into-terminal", "EPERM", filter},
    {"swap", "EPERM", filter},
    {"kernel-module", "EPERM", filter},
    {"reboot", "EPERM", filter},
    {"host-name", "EPERM", rights},
    {"become-root", "EPERM EINVAL EROFS", rights},
    {"capability-left", "EPERM", rights},
    {"socket-by-path", "ENOENT", masked},
    {"socket-by-path-outside", "ECONNREFUSED EACCES", masked},
    {"journal", "ENOENT", absent},
    {"abstract-socket", "EPERM", judged},
    {"loopback", "EACCES", judged},
    {"loopback-elsewhere", "EACCES", judged},
    {"loopback-as-nothing", "EACCES", judged},
    {"loopback-of-six", "EACCES", judged},
    {"loopback-mapped", "EACCES", judged},
    {"loopback-datagram", "EACCES", judged},
    {"loopback-packet", "EACCES", judged},
    {"loopback-message", "EACCES", judged},
    {"loopback-messages", "EACCES", judged},
    {"loopback-without-family", "EINVAL EACCES", judged},
    {"loopback-fast-open", "EOPNOTSUPP EACCES", judged},
    {"loopback-beside-own", "EACCES", judged},
    {"loopback-exchanged", "EACCES", judged},
    {"source-route", "EPERM", filter},
    {"sctp", "EPROTONOSUPPORT", filter},
    {"metadata", "EACCES", judged},
    {"metadata-of-six", "EACCES", judged},
    {"link-local", "EACCES", judged},
    {"everybody", "EACCES", judged},
    {"netlink", "EAFNOSUPPORT", filter},
    {"packet", "EAFNOSUPPORT", filter},
    {"raw", "EPERM EACCES EPROTONOSUPPORT", rights},
    {"vsock", "EAFNOSUPPORT", filter},
    {"kernel-crypto", "EAFNOSUPPORT", filter},
    {"own-file", "done", "allowed"},
    {"own-fifo", "done", "allowed"},
    {"own-mode", "done", "allowed"},
    {"shared-memory", "done", "allowed"},
    {"random", "done", "allowed"},
    {"read-source", "done", "allowed"},
    {"read-certificates", "done", "allowed"},
    {"read-self", "done", "allowed"},
    {"run-from-memory", "done", "allowed"},
    {"named-peer", "done", "allowed"},
    {"own-port", "done", "allowed"},
    {"own-socket", "done", "allowed"},
    {"stream-socket", "done", "allowed"},
};

int listenAt(const std::string& name) {
    const int socket = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    std::memcpy(address.sun_path, name.data(), name.size());
    const auto size = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + name.size());
    REQUIRE(::bind(socket, reinterpret_cast<sockaddr*>(&address), size) == 0);
    REQUIRE(::listen(socket, 1) == 0);
    return socket;
}

// A service of the host's loopback: its port.
std::uint16_t serve() {
    const int socket = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    REQUIRE(::bind(socket, reinterpret_cast<sockaddr*>(&address), size) == 0);
    REQUIRE(::listen(socket, 64) == 0);
    REQUIRE(::getsockname(socket, reinterpret_cast<sockaddr*>(&address), &size) == 0);
    return ntohs(address.sin_port);
}

Network::Peer atLoopback(std::uint16_t port) {
    return {{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff, 127, 0, 0, 1}, port};
}

// Folders of data that the settings show. /tmp is where this world lies.
const std::vector<fs::path> shared = {"/opt", "/tmp"};

// A line for every row, as this process' user finds it.
std::string tryAll(const fs::path& world) {
    const std::string state = world / "state";
    const std::string abstract = "driftkeeper-attack-" + std::to_string(::getpid());
    for (const std::string& name : {state + "/socket", state + "-socket", '\0' + abstract})
        (void)listenAt(name);
    const std::uint16_t service = serve();
    const std::uint16_t named = serve();
    std::string lines;
    for (const Row& row : rows) {
        ToolCall call;
        call.argv = {world / "attacker", row.attack};
        call.directory = world / "source";
        call.environment = {{"PATH", "/usr/bin:/bin"},       {"STATE", state},
                            {"MINE", world / "mine"},        {"DAEMON", std::to_string(::getpid())},
                            {"ABSTRACT", abstract},          {"SERVICE", std::to_string(service)},
                            {"NAMED", std::to_string(named)}};
        call.sandbox.network = Network{};
        call.sandbox.network->named = {atLoopback(named)};
        call.sandbox.hidden = {state, state + "-secret", state + "-socket"};
        call.sandbox.readable = {world / "source"};
        call.sandbox.writable = {world / "mine"};
        RealToolRunner runner({SandboxMode::Strict, shared});
        const auto result = runner.run(call, {});
        lines += result ? result->out : result.error().message + "\n";
    }
    return lines;
}

// The daemon is not dumpable, and mostly not root.
std::string triedAs(uid_t user, const fs::path& world) {
    int ends[2];
    REQUIRE(::pipe(ends) == 0);
    const pid_t pid = ::fork();
    if (pid == 0) {
        if (user != ::getuid() &&
            (::setgroups(0, nullptr) != 0 || ::setgid(user) != 0 || ::setuid(user) != 0))
            ::_exit(1);
        ::prctl(PR_SET_DUMPABLE, 0);
        const std::string lines = tryAll(world);
        (void)!::write(ends[1], lines.data(), lines.size());
        ::_exit(0);
    }
    ::close(ends[1]);
    std::string lines;
    char buffer[4096];
    for (ssize_t size = 0; (size = ::read(ends[0], buffer, sizeof buffer)) > 0;)
        lines.append(buffer, static_cast<std::size_t>(size));
    ::close(ends[0]);
    ::waitpid(pid, nullptr, 0);
    return lines;
}

void judge(const std::string& lines) {
    std::istringstream outcomes(lines);
    for (const Row& row : rows) {
        std::string outcome;
        std::getline(outcomes, outcome);
        CAPTURE(std::string(row.attack));
        CAPTURE(std::string(row.heldBy));
        CAPTURE(outcome);
        CHECK_FALSE(outcome.empty());
        CHECK((" " + std::string(row.outcomes) + " ").contains(" " + outcome + " "));
    }
}

void tryAs(uid_t user) {
    const Scratch scratch;
    const fs::path world = scratch.path();
    scratch.write("state/token", "secret");
    scratch.write("state-secret", "secret");
    scratch.write("source/main.tf", "text");
    scratch.folder("mine");
    fs::copy_file(DRIFTKEEPER_ATTACKER, world / "attacker");  // where everybody may run it
    for (const fs::path& path : {world, world / "state", world / "state/token",
                                 world / "state-secret", world / "source", world / "mine"})
        (void)!::chown(path.c_str(), user, user);
    judge(triedAs(user, world));
    CHECK(scratch.read("state/token") == "secret");
}

}  // namespace

TEST_CASE("what hostile code tries from within a room is held, and what tools need works" *
          doctest::skip(!sandboxRefusal().empty())) {
    tryAs(::getuid());
    if (::getuid() == 0) tryAs(61000);
}

}  // namespace attacks_test
