#include "providers/process/supervisor.hpp"

#include <fcntl.h>
#include <linux/close_range.h>
#include <poll.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <climits>
#include <csignal>
#include <cstddef>
#include <cstdint>

#include "providers/process/landlock.hpp"
#include "providers/process/tool_filter.hpp"

namespace driftkeeper::supervisor {
namespace {

struct DirectoryEntry {  // linux_dirent64: glibc's readdir allocates, this does not
    std::uint64_t inode;
    std::int64_t offset;
    unsigned short length;
    unsigned char type;
    char name[1];
};

pid_t number(const char* text) noexcept {
    pid_t value = 0;
    if (*text == '\0') return 0;
    for (; *text >= '0' && *text <= '9'; ++text) value = value * 10 + (*text - '0');
    return *text == '\0' || *text == ' ' ? value : 0;
}

// The parent of a process by /proc/PID/stat; the name in it may hold anything, so the last
// parenthesis counts.
pid_t parentOf(int proc, const char* pid) noexcept {
    char path[32] = {};
    std::size_t at = 0;
    for (; pid[at] != '\0' && at < 16; ++at) path[at] = pid[at];
    for (const char* tail = "/stat"; *tail != '\0'; ++tail) path[at++] = *tail;
    const int file = ::openat(proc, path, O_RDONLY | O_CLOEXEC);
    if (file < 0) return 0;
    char text[512] = {};
    const ssize_t size = ::read(file, text, sizeof text - 1);
    ::close(file);
    ssize_t close = size - 1;
    while (close > 0 && text[close] != ')') --close;
    return close > 0 && close + 4 < size ? number(text + close + 4) : 0;
}

// To our own children: the program, and every orphan below it.
void signalChildren(int signal) noexcept {
    const pid_t self = ::getpid();
    const int proc = ::open("/proc", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (proc < 0) return;
    alignas(DirectoryEntry) char buffer[4096];
    long size = 0;
    while ((size = ::syscall(SYS_getdents64, proc, buffer, sizeof buffer)) > 0) {
        for (long at = 0; at < size;) {
            const auto* entry = reinterpret_cast<const DirectoryEntry*>(buffer + at);
            const char* name = buffer + at + offsetof(DirectoryEntry, name);
            const pid_t pid = number(name);
            if (pid > 1 && parentOf(proc, name) == self) ::kill(pid, signal);
            at += entry->length;
        }
    }
    ::close(proc);
}

// Reaps what has ended. False when there is no child any more.
bool reap(pid_t program, Ending& ending, bool& ended) noexcept {
    for (;;) {
        siginfo_t about{};
        if (::waitid(P_ALL, 0, &about, WEXITED | WNOHANG) != 0) {
            if (errno == EINTR) continue;
            return false;
        }
        if (about.si_pid == 0) return true;
        if (about.si_pid != program) continue;
        ending = {about.si_code, about.si_status};
        ended = true;
    }
}

// To everything below the supervisor.
void signalAll(pid_t program, int signal, bool inRoom) noexcept {
    if (inRoom) {
        if (::getpid() == 1) ::kill(-1, signal);  // all processes of the room but this one
        return;
    }
    ::kill(-program, signal);
    signalChildren(signal);  // an orphan that left the group may be what the program waits for
}

[[noreturn]] void supervise(pid_t program, int control, int signals, bool inRoom) noexcept {
    Ending ending;
    bool ended = false;
    bool killing = false;
    bool told = false;
    for (;;) {
        const bool childrenLeft = reap(program, ending, ended);
        if (ended && !told) {
            told = true;
            killing = true;
            (void)!::send(control, &ending, sizeof ending, MSG_NOSIGNAL);
        }
        if (!childrenLeft) ::_exit(0);
        if (killing) signalAll(program, SIGKILL, inRoom);
        // The orphans of what was just killed become children without a signal of their own: look
        // again soon.
        pollfd waits[2] = {{signals, POLLIN, 0}, {control, POLLIN, 0}};
        ::poll(waits, killing ? 1 : 2, killing ? 20 : -1);
        signalfd_siginfo drained{};
        while (::read(signals, &drained, sizeof drained) > 0) {
        }
        if (killing || waits[1].revents == 0) continue;
        char order = kill;
        if (::read(control, &order, 1) != 1) order = kill;  // end of file: we are gone
        if (order == terminate) signalAll(program, SIGTERM, inRoom);
        if (order == kill) killing = true;
    }
}

// For a caller that is root, in a room or not: exec gives back only what is in the bounding set.
void dropCapabilities() noexcept {
    for (int capability = 0; ::prctl(PR_CAPBSET_READ, capability) >= 0; ++capability)
        ::prctl(PR_CAPBSET_DROP, capability);
    ::prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0);
}

bool confine(const Walls& walls) noexcept {
    dropCapabilities();
    if (::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0) return false;
    if (walls.room != nullptr && !landlock::restrictToRoom(walls.room->writable)) return false;
    if (walls.ruleset >= 0 && !landlock::restrictSelf(walls.ruleset)) return false;
    return walls.filter == nullptr || tool_filter::install(*walls.filter);
}

// When memory runs out this goes before the daemon. What is not dumpable may not write here; exec
// makes the program dumpable anyway.
void offerToOomKiller() noexcept {
    ::prctl(PR_SET_DUMPABLE, 1);
    const int file = ::open("/proc/self/oom_score_adj", O_WRONLY | O_CLOEXEC);
    if (file < 0) return;
    (void)!::write(file, "1000", 4);
    ::close(file);
}

int becomeProgram(pid_t supervisor, const Walls& walls) noexcept {
    ::setpgid(0, 0);
    if (::prctl(PR_SET_PDEATHSIG, SIGKILL) != 0) return errno;
    if (::getppid() != supervisor) ::_exit(127);
    for (int signal = 1; signal < NSIG; ++signal) ::signal(signal, SIG_DFL);
    sigset_t none;
    sigemptyset(&none);
    ::sigprocmask(SIG_SETMASK, &none, nullptr);
    ::umask(077);
    const rlimit noCore{0, 0};
    if (::setrlimit(RLIMIT_CORE, &noCore) != 0) return errno;
    offerToOomKiller();
    if (::close_range(3, UINT_MAX, CLOSE_RANGE_CLOEXEC) != 0) return errno;
    return confine(walls) ? 0 : errno;
}

}  // namespace

int split(int control, const Walls& walls) noexcept {
    ::setpgid(0, 0);
    ::prctl(PR_SET_NAME, "tool-supervisor");
    if (::prctl(PR_SET_CHILD_SUBREAPER, 1) != 0) return errno;
    ::signal(SIGCHLD, SIG_DFL);  // SIG_IGN would reap behind our back
    sigset_t all;
    sigfillset(&all);
    ::sigprocmask(SIG_SETMASK, &all, nullptr);
    const pid_t self = ::getpid();
    const pid_t program = ::_Fork();  // fork() waits for locks that nobody holds here any more
    if (program < 0) return errno;
    if (program == 0) return becomeProgram(self, walls);
    ::setpgid(program, program);
    // Everything but the control socket goes: the pipes must end with the program.
    if (::dup2(control, 0) < 0 || ::close_range(1, UINT_MAX, 0) != 0) ::_exit(127);
    sigset_t child;
    sigemptyset(&child);
    sigaddset(&child, SIGCHLD);
    supervise(program, 0, ::signalfd(-1, &child, SFD_CLOEXEC | SFD_NONBLOCK),
              walls.room != nullptr);
}

}  // namespace driftkeeper::supervisor
