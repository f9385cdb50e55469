// What hostile code in a plan would try: NAME of an attack as argument, and in the environment
// STATE (a folder of the daemon's), MINE (its own) and DAEMON (a process id outside). Prints "done"
// when it worked, else the name of the error.
#include <fcntl.h>
#include <linux/capability.h>
#include <linux/sched.h>
#include <sched.h>
#include <sys/fsuid.h>
#include <sys/inotify.h>
#include <sys/ioctl.h>
#include <sys/ipc.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/personality.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/swap.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/un.h>
#include <sys/xattr.h>
#include <termios.h>
#include <unistd.h>
#include <utime.h>

#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <functional>
#include <map>
#include <string>

namespace {

namespace fs = std::filesystem;
using Attack = std::function<long()>;

std::string given(const char* name) {
    const char* text = std::getenv(name);  // NOLINT(concurrency-mt-unsafe)
    return text == nullptr ? "" : text;
}

const std::string state = given("STATE");
const std::string mine = given("MINE");
const std::string token = state + "/token";
const pid_t daemonPid = std::atoi(given("DAEMON").c_str());
const std::string daemonProc = "/proc/" + given("DAEMON");

long readFile(const std::string& path) {
    const int file = ::open(path.c_str(), O_RDONLY | O_NONBLOCK);
    char byte = 0;
    if (file < 0) return -1;
    const long size = ::read(file, &byte, 1);
    if (size == 0) errno = ENODATA;
    return size == 1 ? 0 : -1;
}

long writeFile(const std::string& path, int flags = O_WRONLY) {
    const int file = ::open(path.c_str(), flags, 0600);
    return file >= 0 && ::write(file, "x", 1) == 1 ? 0 : -1;
}

long create(const std::string& folder) {
    return writeFile(folder + "/attack", O_WRONLY | O_CREAT | O_EXCL);
}

long list(const std::string& folder) {
    std::error_code error;
    const fs::directory_iterator entries(folder, error);
    errno = error ? error.value() : ENODATA;
    return !error && entries != fs::directory_iterator() ? 0 : -1;
}

long connectTo(std::string name, int type) {
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    std::memcpy(address.sun_path, name.data(), name.size());
    const auto size = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + name.size());
    return ::connect(::socket(AF_UNIX, type, 0), reinterpret_cast<sockaddr*>(&address), size);
}

long limitOf(pid_t pid) {
    const rlimit none{0, 0};
    return ::prlimit(pid, RLIMIT_CPU, &none, nullptr);
}

long socketOf(int family, int type) {
    return ::socket(family, type, 0);
}

long cloneInto(unsigned long flags) {
    const long pid = ::syscall(SYS_clone, flags | SIGCHLD, 0, 0, 0, 0);
    if (pid == 0) ::_exit(0);
    return pid;
}

long readMemory(pid_t pid) {
    char byte = 0;
    iovec here{&byte, 1};
    iovec there{reinterpret_cast<void*>(0x400000), 1};
    return ::process_vm_readv(pid, &here, 1, &there, 1, 0);
}

long setUserIdOn(const char* name, mode_t mode) {
    const std::string path = mine + "/" + name;
    if (writeFile(path, O_WRONLY | O_CREAT) != 0) return -1;
    return ::chmod(path.c_str(), mode);
}

long linkTo(const std::string& target) {
    const std::string link = mine + "/link";
    ::unlink(link.c_str());
    return ::symlink(target.c_str(), link.c_str()) == 0 ? readFile(link) : -1;
}

long lowerOom() {
    const int file = ::open("/proc/self/oom_score_adj", O_WRONLY);
    return file >= 0 && ::write(file, "0", 1) == 1 ? 0 : -1;
}

long becomeRoot() {
    return ::setresuid(0, 0, 0) == 0 && ::chown("/etc/passwd", 1, 1) == 0 ? 0 : -1;
}

long holdsCapability() {
    for (int one = 0; one <= CAP_LAST_CAP; ++one)
        if (::prctl(PR_CAPBSET_READ, one) == 1) return 0;
    errno = EPERM;
    return -1;
}

long unknownClone() {
    clone_args arguments{};
    return ::syscall(SYS_clone3, &arguments, sizeof arguments);
}

long handleOf() {
    struct {
        unsigned bytes = 8;
        int type = 1;
        unsigned char id[8] = {2};
    } handle;
    return ::syscall(SYS_open_by_handle_at, ::open("/", O_RDONLY), &handle, 0);
}

long runFromMemory() {
    const int file = ::memfd_create("program", 0);
    constexpr char script[] = "#!/bin/sh\necho done\n";
    if (::write(file, script, sizeof script - 1) < 0) return -1;
    const std::string path = "/proc/self/fd/" + std::to_string(file);
    return ::execl(path.c_str(), path.c_str(), nullptr);
}

const std::map<std::string, Attack> attacks = {
    // Files of the daemon
    {"read-token", [] { return readFile(token); }},
    {"read-secret-file", [] { return readFile(state + "-secret"); }},
    {"list-state", [] { return list(state); }},
    {"stat-token",
     [] {
         struct stat about {};
         return ::stat(token.c_str(), &about);
     }},
    {"read-by-link", [] { return linkTo(token); }},
    {"read-by-self-root", [] { return readFile("/proc/self/root" + token); }},
    {"read-by-daemon-root", [] { return readFile(daemonProc + "/root" + token); }},
    {"read-by-daemon-cwd", [] { return list(daemonProc + "/cwd"); }},
    {"path-descriptor", [] { return ::open(token.c_str(), O_PATH); }},
    {"write-token", [] { return writeFile(token); }},
    {"truncate-token", [] { return ::truncate(token.c_str(), 0); }},
    {"chmod-token", [] { return ::chmod(token.c_str(), 0666); }},
    {"chmod-state", [] { return ::chmod(state.c_str(), 0777); }},
    {"chown-token", [] { return ::chown(token.c_str(), static_cast<uid_t>(-1), ::getgid()); }},
    {"touch-token", [] { return ::utime(token.c_str(), nullptr); }},
    {"xattr-token", [] { return ::setxattr(token.c_str(), "user.x", "1", 1, 0); }},
    {"link-token", [] { return ::link(token.c_str(), (mine + "/t").c_str()); }},
    {"rename-token", [] { return ::rename(token.c_str(), (mine + "/t").c_str()); }},
    {"unlink-token", [] { return ::unlink(token.c_str()); }},
    {"watch-state",
     [] { return ::inotify_add_watch(::inotify_init(), token.c_str(), IN_ALL_EVENTS); }},
    {"create-in-state", [] { return create(state); }},
    // Files of the host
    {"read-shadow", [] { return readFile("/etc/shadow"); }},
    {"list-root-home", [] { return list("/root"); }},
    {"list-homes", [] { return list("/home"); }},
    {"list-run", [] { return list("/run"); }},
    {"list-var", [] { return list("/var/lib"); }},
    {"list-boot", [] { return list("/boot"); }},
    {"list-sys", [] { return list("/sys"); }},
    {"read-kernel-memory", [] { return readFile("/dev/mem"); }},
    {"open-kmsg", [] { return readFile("/dev/kmsg"); }},
    {"open-disk", [] { return readFile("/dev/vda"); }},
    {"create-in-top", [] { return create("/"); }},
    {"create-in-etc", [] { return create("/etc"); }},
    {"create-in-usr", [] { return create("/usr/bin"); }},
    {"create-in-opt", [] { return create("/opt"); }},
    {"create-in-tmp", [] { return create("/tmp"); }},
    {"create-in-source", [] { return create("."); }},
    {"replace-program", [] { return writeFile("/usr/bin/env"); }},
    {"write-sysctl", [] { return writeFile("/proc/sys/kernel/hostname"); }},
    {"write-sysrq", [] { return writeFile("/proc/sysrq-trigger"); }},
    {"make-device", [] { return ::mknod((mine + "/d").c_str(), S_IFBLK | 0600, 0x800); }},
    {"set-user-id", [] { return setUserIdOn("u", 04755); }},
    {"set-group-id", [] { return setUserIdOn("g", 02755); }},
    {"create-set-user-id", [] { return ::open((mine + "/c").c_str(), O_CREAT | O_WRONLY, 04755); }},
    // Other processes
    {"signal-daemon", [] { return ::kill(daemonPid, 0); }},
    {"kill-daemon", [] { return ::kill(daemonPid, SIGKILL); }},
    {"limit-daemon", [] { return limitOf(daemonPid); }},
    {"limit-supervisor", [] { return limitOf(1); }},
    {"priority-of-daemon",
     [] { return ::setpriority(PRIO_PROCESS, static_cast<id_t>(daemonPid), 19); }},
    {"affinity-of-daemon",
     [] {
         cpu_set_t one;
         CPU_ZERO(&one);
         CPU_SET(0, &one);
         return ::sched_setaffinity(daemonPid, sizeof one, &one);
     }},
    {"io-priority-of-daemon",
     [] { return ::syscall(SYS_ioprio_set, 1, daemonPid, (2 << 13) | 4); }},
    {"pidfd-of-daemon", [] { return ::syscall(SYS_pidfd_open, daemonPid, 0); }},
    {"environment-of-daemon", [] { return readFile(daemonProc + "/environ"); }},
    {"memory-of-daemon", [] { return readFile(daemonProc + "/mem"); }},
    {"words-of-daemon", [] { return readFile(daemonProc + "/cmdline"); }},
    {"environment-of-supervisor", [] { return readFile("/proc/1/environ"); }},
    {"memory-of-supervisor", [] { return ::open("/proc/1/mem", O_RDONLY); }},
    {"descriptors-of-supervisor",
     [] {
         char text[64];
         return ::readlink("/proc/1/fd/0", text, sizeof text);
     }},
    {"trace-supervisor", [] { return ::ptrace(PTRACE_SEIZE, 1, 0, 0); }},
    {"read-supervisor", [] { return readMemory(1); }},
    {"take-descriptor",
     [] { return ::syscall(SYS_pidfd_getfd, ::syscall(SYS_pidfd_open, 1, 0), 0, 0); }},
    {"compare-processes", [] { return ::syscall(SYS_kcmp, ::getpid(), 1, 0, 0, 0); }},
    {"enter-namespace", [] { return ::setns(::open("/proc/1/ns/mnt", O_RDONLY), 0); }},
    {"lower-oom-score", [] { return lowerOom(); }},
    {"raise-core-limit",
     [] {
         const rlimit one{1 << 20, 1 << 20};
         return ::setrlimit(RLIMIT_CORE, &one);
     }},
    // Doors of the kernel
    {"user-namespace", [] { return ::unshare(CLONE_NEWUSER); }},
    {"mount-namespace", [] { return ::unshare(CLONE_NEWNS); }},
    {"network-namespace", [] { return ::unshare(CLONE_NEWNET); }},
    {"clone-user-namespace", [] { return cloneInto(CLONE_NEWUSER); }},
    {"clone3", [] { return unknownClone(); }},
    {"mount", [] { return ::mount("x", mine.c_str(), "tmpfs", 0, nullptr); }},
    {"unmount", [] { return ::umount2("/proc", MNT_DETACH); }},
    {"remount", [] { return ::mount(nullptr, "/usr", nullptr, MS_REMOUNT | MS_BIND, nullptr); }},
    {"pivot", [] { return ::syscall(SYS_pivot_root, ".", "."); }},
    {"chroot", [] { return ::chroot("."); }},
    {"new-file-system", [] { return ::fsopen("tmpfs", 0); }},
    {"clone-tree", [] { return ::open_tree(AT_FDCWD, "/", OPEN_TREE_CLONE); }},
    {"bpf",
     [] {
         char text[128] = {};
         return ::syscall(SYS_bpf, 0, text, sizeof text);
     }},
    {"perf",
     [] {
         char text[128] = {};
         return ::syscall(SYS_perf_event_open, text, 0, -1, -1, 0);
     }},
    {"userfault", [] { return ::syscall(SYS_userfaultfd, 1); }},
    {"io-uring",
     [] {
         char text[256] = {};
         return ::syscall(SYS_io_uring_setup, 4, text);
     }},
    {"add-key", [] { return ::syscall(SYS_add_key, "user", "x", "y", 1, -4); }},
    {"read-keys", [] { return ::syscall(SYS_keyctl, 22, -1, -4); }},
    {"personality", [] { return ::personality(ADDR_NO_RANDOMIZE); }},
    {"file-handle", [] { return handleOf(); }},
    {"fanotify", [] { return ::syscall(SYS_fanotify_init, 0, 0); }},
    {"type-into-terminal",
     [] {
         char letter = 'x';
         return ::ioctl(0, TIOCSTI, &letter);
     }},
    {"swap", [] { return ::swapon("/tmp", 0); }},
    {"kernel-module", [] { return ::syscall(SYS_finit_module, 0, "", 0); }},
    {"reboot", [] { return ::syscall(SYS_reboot, 0xfee1dead, 672274793, 0, 0); }},
    {"host-name", [] { return ::sethostname("x", 1); }},
    {"become-root", [] { return becomeRoot(); }},
    {"capability-left", [] { return holdsCapability(); }},
    // Sockets
    {"socket-by-path", [] { return connectTo(state + "/socket", SOCK_STREAM); }},
    {"socket-by-path-outside", [] { return connectTo(state + "-socket", SOCK_STREAM); }},
    {"journal", [] { return connectTo("/run/systemd/journal/socket", SOCK_DGRAM); }},
    {"abstract-socket",
     [] { return connectTo(std::string(1, '\0') + given("ABSTRACT"), SOCK_STREAM); }},
    {"netlink", [] { return socketOf(AF_NETLINK, SOCK_RAW); }},
    {"packet", [] { return socketOf(AF_PACKET, SOCK_RAW); }},
    {"raw", [] { return socketOf(AF_INET, SOCK_RAW); }},
    {"vsock", [] { return socketOf(AF_VSOCK, SOCK_STREAM); }},
    {"kernel-crypto", [] { return socketOf(AF_ALG, SOCK_SEQPACKET); }},
    // What tools need works
    {"own-file", [] { return create(mine); }},
    {"own-fifo", [] { return ::mkfifo((mine + "/fifo").c_str(), 0600); }},
    {"own-mode", [] { return setUserIdOn("m", 0755); }},
    {"shared-memory", [] { return create("/dev/shm"); }},
    {"random", [] { return readFile("/dev/urandom"); }},
    {"read-source", [] { return readFile("./main.tf"); }},
    {"read-certificates", [] { return list("/etc/ssl/certs"); }},
    {"read-self", [] { return readFile("/proc/self/environ"); }},
    {"run-from-memory", [] { return runFromMemory(); }},
    {"stream-socket", [] { return socketOf(AF_INET, SOCK_STREAM); }},
};

}  // namespace

int main(int count, char** words) {
    const auto found = attacks.find(count == 2 ? words[1] : "");
    if (found == attacks.end()) return 2;
    errno = 0;
    const bool works = found->second() >= 0;
    std::puts(works ? "done" : ::strerrorname_np(errno));
    return 0;
}
