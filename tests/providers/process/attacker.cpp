// What hostile code in a plan would try: NAME of an attack as argument, and in the environment
// STATE (a folder of the daemon's), MINE (its own), DAEMON (a process id outside), SERVICE and
// NAMED (ports of the host's loopback, the second one named by the settings). Prints "done" when it
// worked, else the name of the error.
#include <arpa/inet.h>
#include <fcntl.h>
#include <linux/capability.h>
#include <linux/sched.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
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

#include <atomic>
#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <functional>
#include <map>
#include <string>
#include <thread>

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

struct Address {
    sockaddr_storage bytes{};
    socklen_t size = 0;
    [[nodiscard]] const sockaddr* get() const { return reinterpret_cast<const sockaddr*>(&bytes); }
};

Address addressOf(const char* text, int port) {
    Address result;
    sockaddr_in four{};
    sockaddr_in6 six{};
    if (::inet_pton(AF_INET, text, &four.sin_addr) == 1) {
        four.sin_family = AF_INET;
        four.sin_port = htons(static_cast<std::uint16_t>(port));
        std::memcpy(&result.bytes, &four, result.size = sizeof four);
    } else if (::inet_pton(AF_INET6, text, &six.sin6_addr) == 1) {
        six.sin6_family = AF_INET6;
        six.sin6_port = htons(static_cast<std::uint16_t>(port));
        std::memcpy(&result.bytes, &six, result.size = sizeof six);
    }
    return result;
}

const int service = std::atoi(given("SERVICE").c_str());
const int named = std::atoi(given("NAMED").c_str());

long reach(const char* host, int port, int type = SOCK_STREAM) {
    const Address address = addressOf(host, port);
    return ::connect(::socket(address.bytes.ss_family, type, 0), address.get(), address.size);
}

enum class By { SendTo, Message, Messages };

long sendDatagram(By how, const char* host = "127.0.0.1") {
    Address address = addressOf(host, service);
    const int socket = ::socket(address.bytes.ss_family, SOCK_DGRAM, 0);
    char letter = 'x';
    if (how == By::SendTo) return ::sendto(socket, &letter, 1, 0, address.get(), address.size);
    iovec part{&letter, 1};
    mmsghdr message{};
    message.msg_hdr.msg_name = &address.bytes;
    message.msg_hdr.msg_namelen = address.size;
    message.msg_hdr.msg_iov = &part;
    message.msg_hdr.msg_iovlen = 1;
    if (how == By::Message) return ::sendmsg(socket, &message.msg_hdr, 0);
    return ::sendmmsg(socket, &message, 1, 0);
}

// An address of no family is one of IPv4 for UDP.
long sendWithoutFamily() {
    Address address = addressOf("127.0.0.1", service);
    address.bytes.ss_family = AF_UNSPEC;
    return ::sendto(::socket(AF_INET, SOCK_DGRAM, 0), "x", 1, 0, address.get(), address.size);
}

long openFast() {
    const Address address = addressOf("127.0.0.1", service);
    return ::sendto(::socket(AF_INET, SOCK_STREAM, 0), "x", 1, MSG_FASTOPEN, address.get(),
                    address.size);
}

// Another thread exchanges the address while the call is judged.
long reachWhileExchanged() {
    Address address = addressOf("192.0.2.1", service);
    std::atomic<bool> ends = false;
    std::thread exchanger([&] {
        auto* four = reinterpret_cast<sockaddr_in*>(&address.bytes);
        while (!ends)
            for (const in_addr_t host : {0xc0000201U, INADDR_LOOPBACK})
                __atomic_store_n(&four->sin_addr.s_addr, htonl(host), __ATOMIC_SEQ_CST);
    });
    bool isReached = false;
    for (int i = 0; i < 3000 && !isReached; ++i) {
        const int socket = ::socket(AF_INET, SOCK_DGRAM, 0);
        sockaddr_in peer{};
        socklen_t size = sizeof peer;
        if (::connect(socket, address.get(), address.size) == 0 &&
            ::getpeername(socket, reinterpret_cast<sockaddr*>(&peer), &size) == 0)
            isReached = peer.sin_addr.s_addr == htonl(INADDR_LOOPBACK);
        ::close(socket);
    }
    ends = true;
    exchanger.join();
    errno = EACCES;
    return isReached ? 0 : -1;
}

long routeBySource() {
    const unsigned char options[8] = {131, 7, 4, 127, 0, 0, 1, 0};
    return ::setsockopt(::socket(AF_INET, SOCK_DGRAM, 0), IPPROTO_IP, IP_OPTIONS, options,
                        sizeof options);
}

int listenAtLoopback(const char* host, int port, int option) {
    const Address address = addressOf(host, port);
    const int server = ::socket(AF_INET, SOCK_STREAM, 0);
    const int on = 1;
    if (option != 0) ::setsockopt(server, SOL_SOCKET, option, &on, sizeof on);
    if (::bind(server, address.get(), address.size) != 0 || ::listen(server, 1) != 0) return -1;
    return server;
}

long reachOwnPort() {
    const int server = listenAtLoopback("127.0.0.1", 0, 0);
    sockaddr_in at{};
    socklen_t size = sizeof at;
    if (server < 0 || ::getsockname(server, reinterpret_cast<sockaddr*>(&at), &size) != 0)
        return -1;
    return reach("127.0.0.1", ntohs(at.sin_port));
}

// A listener of its own at the service's port, elsewhere on the loopback.
long reachBesideOwnPort() {
    if (listenAtLoopback("127.7.7.7", service, SO_REUSEADDR) < 0) return -1;
    return reach("127.0.0.1", service);
}

// A program that it starts is its own.
long reachOwnSocket() {
    const std::string path = mine + "/own.sock";
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    std::memcpy(address.sun_path, path.data(), path.size());
    const int server = ::socket(AF_UNIX, SOCK_STREAM, 0);
    ::unlink(path.c_str());
    if (::bind(server, reinterpret_cast<sockaddr*>(&address), sizeof address) != 0 ||
        ::listen(server, 1) != 0 || ::chdir(mine.c_str()) != 0)
        return -1;
    const int client = ::socket(AF_UNIX, SOCK_STREAM, 0);
    std::memset(address.sun_path, 0, sizeof address.sun_path);
    std::memcpy(address.sun_path, "own.sock", 8);
    if (::connect(client, reinterpret_cast<sockaddr*>(&address), sizeof address) != 0) return -1;
    iovec part{const_cast<char*>("hello"), 5};
    msghdr message{};
    message.msg_iov = &part;
    message.msg_iovlen = 1;
    char text[5] = {};
    const int taken = ::accept(server, nullptr, nullptr);
    return ::sendmsg(client, &message, 0) == 5 && ::read(taken, text, 5) == 5 ? 0 : -1;
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
    {"loopback", [] { return reach("127.0.0.1", service); }},
    {"loopback-elsewhere", [] { return reach("127.8.8.8", service); }},
    {"loopback-as-nothing", [] { return reach("0.0.0.0", service); }},
    {"loopback-of-six", [] { return reach("::1", service); }},
    {"loopback-mapped", [] { return reach("::ffff:127.0.0.1", service); }},
    {"loopback-datagram", [] { return reach("127.0.0.1", service, SOCK_DGRAM); }},
    {"loopback-packet", [] { return sendDatagram(By::SendTo); }},
    {"loopback-message", [] { return sendDatagram(By::Message); }},
    {"loopback-messages", [] { return sendDatagram(By::Messages); }},
    {"loopback-without-family", [] { return sendWithoutFamily(); }},
    {"loopback-fast-open", [] { return openFast(); }},
    {"loopback-beside-own", [] { return reachBesideOwnPort(); }},
    {"loopback-exchanged", [] { return reachWhileExchanged(); }},
    {"source-route", [] { return routeBySource(); }},
    {"sctp", [] { return ::socket(AF_INET, SOCK_SEQPACKET, 132); }},
    {"metadata", [] { return reach("169.254.169.254", 80); }},
    {"metadata-of-six", [] { return reach("fd00:ec2::254", 80); }},
    {"link-local", [] { return reach("fe80::1", 80); }},
    {"everybody", [] { return sendDatagram(By::SendTo, "224.0.0.251"); }},
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
    {"named-peer", [] { return reach("127.0.0.1", named); }},
    {"own-port", [] { return reachOwnPort(); }},
    {"own-socket", [] { return reachOwnSocket(); }},
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
