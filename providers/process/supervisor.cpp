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
#include <sys/vfs.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <climits>
#include <csignal>
#include <cstddef>
#include <cstdint>
#include <ctime>

#include "providers/process/descriptor.hpp"
#include "providers/process/folder_entries.hpp"
#include "providers/process/landlock.hpp"
#include "providers/process/process_table.hpp"
#include "providers/process/tool_filter.hpp"

namespace driftkeeper::supervisor {
namespace {

// To our own children: the program, and every orphan below it.
void signalChildren(int signal) noexcept {
    const pid_t self = ::getpid();
    const int proc = ::open("/proc", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (proc < 0) return;
    forEachEntry(proc, [&](const char* name) {
        const pid_t pid = process_table::number(name);
        if (pid > 1 && process_table::entryOf(proc, name).parent == self) ::kill(pid, signal);
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
        ending.code = about.si_code;
        ending.status = about.si_status;
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

// What lies in the room's own file systems in memory.
std::uint64_t bytesInMemory(const room::Plan& plan) noexcept {
    std::uint64_t bytes = 0;
    for (const room::Step& step : plan.steps) {
        struct statfs about {};
        if (step.kind == room::Step::Kind::Temporary && ::statfs(step.at.c_str(), &about) == 0)
            bytes += (about.f_blocks - about.f_bfree) * static_cast<std::uint64_t>(about.f_bsize);
    }
    return bytes;
}

// Looks now and then at what the program and all below it use.
class Scale {
public:
    explicit Scale(const Walls& walls) noexcept
        : walls_(walls),
          interval_(walls.room != nullptr ? 100 : 500),
          isUsed_(walls.limits.memory > 0 || walls.limits.processes > 0) {}

    [[nodiscard]] int millisecondsToNext() const noexcept { return isUsed_ ? interval_ : -1; }

    // False: it went over a limit, and `ending` says over which. True between two looks.
    bool holds(Ending& ending) noexcept {
        timespec now{};
        ::clock_gettime(CLOCK_MONOTONIC, &now);
        const std::int64_t milliseconds = now.tv_sec * 1000 + now.tv_nsec / 1'000'000;
        if (!isUsed_ || milliseconds < next_) return true;
        const bool isFirst = next_ == 0;  // the program is still a copy of us
        next_ = milliseconds + interval_;
        return isFirst || holdsNow(ending);
    }

    bool holdsNow(Ending& ending) const noexcept {
        if (!isUsed_) return true;
        using process_table::Seen;
        auto usage = process_table::usageBelow(
            ::getpid(), walls_.room != nullptr ? Seen::Room : Seen::Host, walls_.limits.processes);
        if (walls_.room != nullptr) usage.memory += bytesInMemory(*walls_.room);
        return !exceeds(Limit::Processes, usage.processes, walls_.limits.processes, ending) &&
               !exceeds(Limit::Memory, usage.memory, walls_.limits.memory, ending);
    }

private:
    static bool exceeds(Limit limit, std::uint64_t used, std::uint64_t allowed,
                        Ending& ending) noexcept {
        if (allowed == 0 || used <= allowed) return false;
        ending.over = limit;
        ending.used = used;
        return true;
    }

    const Walls& walls_;
    const int interval_;  // milliseconds; the host has many more processes than a room
    const bool isUsed_;
    std::int64_t next_ = 0;
};

struct Watched {
    int control, signals, listener;  // listener: -1 when no peers are judged
};

[[noreturn]] void supervise(pid_t program, Watched watched, const Walls& walls) noexcept {
    const bool inRoom = walls.room != nullptr;
    Ending ending;
    bool ended = false;
    bool killing = false;
    bool told = false;
    Scale scale(walls);
    for (;;) {
        const bool childrenLeft = reap(program, ending, ended);
        if (!killing && !ended && !scale.holds(ending)) killing = true;
        if (ended && !told) {
            if (!killing) (void)scale.holdsNow(ending);  // what it left behind counts
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
        ::poll(waits, killing ? 1 : 3, killing ? 20 : scale.millisecondsToNext());
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

// The kernel's own limits. Processes are counted by room and user; without a room all of the user's
// would count.
bool limitSelf(const Walls& walls) noexcept {
    const rlimit noCore{0, 0};
    if (::setrlimit(RLIMIT_CORE, &noCore) != 0) return false;
    const auto lower = [](auto what, std::uint64_t most) {
        rlimit now{};
        if (most == 0 || ::getrlimit(what, &now) != 0) return;
        if (now.rlim_max > most) now = {most, most};
        (void)::setrlimit(what, &now);
    };
    lower(RLIMIT_FSIZE, walls.limits.disk);
    // Above ours, so that we see who went over that.
    constexpr std::uint64_t more = 64;
    if (walls.room != nullptr && walls.limits.processes > 0)
        lower(RLIMIT_NPROC, walls.limits.processes + more);
    return true;
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
    if (!limitSelf(walls)) return errno;
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
