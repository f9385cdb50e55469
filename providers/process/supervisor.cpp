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

#include "providers/process/descriptor.hpp"
#include "providers/process/folder_entries.hpp"
#include "providers/process/landlock.hpp"
#include "providers/process/tool_filter.hpp"

namespace driftkeeper::supervisor {
namespace {

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
    forEachEntry(proc, [&](const char* name) {
        const pid_t pid = number(name);
        if (pid > 1 && parentOf(proc, name) == self) ::kill(pid, signal);
        return true;
    });
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

struct Watched {
    int control, signals, listener;  // listener: -1 when no peers are judged
};

[[noreturn]] void supervise(pid_t program, Watched watched, const Walls& walls) noexcept {
    const bool inRoom = walls.room != nullptr;
    Ending ending;
    bool ended = false;
    bool killing = false;
    bool told = false;
    for (;;) {
        const bool childrenLeft = reap(program, ending, ended);
        if (ended && !told) {
            told = true;
            killing = true;
            (void)!::send(watched.control, &ending, sizeof ending, MSG_NOSIGNAL);
        }
        if (!childrenLeft) ::_exit(0);
        if (killing) signalAll(program, SIGKILL, inRoom);
        // The orphans of what was just killed become children without a signal of their own: look
        // again soon.
        pollfd waits[3] = {{watched.signals, POLLIN, 0},
                           {watched.control, POLLIN, 0},
                           {watched.listener, POLLIN, 0}};
        ::poll(waits, killing ? 1 : 3, killing ? 20 : -1);
        signalfd_siginfo drained{};
        while (::read(watched.signals, &drained, sizeof drained) > 0) {
        }
        if ((waits[2].revents & POLLIN) != 0)
            network_guard::answer(watched.listener, *walls.network);
        else if (waits[2].revents != 0)
            watched.listener = -1;  // nobody is left that could ask
        if (killing || waits[1].revents == 0) continue;
        char order = kill;
        if (::read(watched.control, &order, 1) != 1) order = kill;  // end of file: we are gone
        if (order == terminate) signalAll(program, SIGTERM, inRoom);
        if (order == kill) killing = true;
    }
}

// For a caller that is root, in a room or not: exec gives back only what is in the bounding set. No
// capset: a filter of the host (the unit's) may refuse it.
void dropCapabilities() noexcept {
    for (int capability = 0; ::prctl(PR_CAPBSET_READ, capability) >= 0; ++capability)
        ::prctl(PR_CAPBSET_DROP, capability);
    ::prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0);
}

// `supervisor`: where the listener is handed over.
bool confine(const Walls& walls, int supervisor) noexcept {
    dropCapabilities();
    if (::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0) return false;
    if (walls.room != nullptr && !landlock::restrictToRoom(walls.room->writable)) return false;
    if (walls.ruleset >= 0 && !landlock::restrictSelf(walls.ruleset)) return false;
    if (walls.filter == nullptr) return true;
    if (walls.network != nullptr) return network_guard::submit(*walls.filter, supervisor);
    return tool_filter::install(*walls.filter);
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

int becomeProgram(pid_t supervisor, const Walls& walls, int socket) noexcept {
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
    return confine(walls, socket) ? 0 : errno;
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
    int ends[2];  // between the supervisor and the program, until that runs
    if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0) return errno;
    const pid_t program = ::_Fork();  // fork() waits for locks that nobody holds here any more
    if (program < 0) return errno;
    if (program == 0) {
        ::close(ends[0]);
        return becomeProgram(self, walls, ends[1]);
    }
    ::setpgid(program, program);
    ::close(ends[1]);
    Descriptor listener;
    if (walls.network != nullptr) listener = network_guard::accept(ends[0], program);
    // Everything but the control socket goes: the pipes must end with the program.
    const int kept = listener.isOpen() ? 1 : 0;
    if (::dup2(control, 0) < 0 || (kept == 1 && ::dup2(listener.get(), 1) < 0) ||
        ::close_range(static_cast<unsigned>(kept) + 1, UINT_MAX, 0) != 0)
        ::_exit(127);
    sigset_t child;
    sigemptyset(&child);
    sigaddset(&child, SIGCHLD);
    const int signals = ::signalfd(-1, &child, SFD_CLOEXEC | SFD_NONBLOCK);
    supervise(program, {0, signals, kept == 1 ? 1 : -1}, walls);
}

}  // namespace driftkeeper::supervisor
