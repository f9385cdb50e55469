#include "providers/process/network_guard.hpp"

#include <fcntl.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <netinet/in.h>
#include <netinet/udp.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/un.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <span>

#include "providers/process/own_listeners.hpp"
#include "providers/process/reach.hpp"

namespace driftkeeper::network_guard {
namespace {

constexpr std::size_t largest = std::size_t{1}
                                << 20;  // what one call sends; of a stream the rest waits
constexpr std::size_t mostParts = 64;
constexpr std::size_t mostMessages = 64;

// "/proc/PID/NAME" without allocating.
class ProcPath {
public:
    ProcPath(std::uint64_t pid, const char* name) noexcept {
        char digits[20];
        std::size_t count = 0;
        do digits[count++] = static_cast<char>('0' + pid % 10);
        while ((pid /= 10) != 0);
        std::size_t at = 0;
        for (const char* text = "/proc/"; *text != '\0'; ++text) path_[at++] = *text;
        while (count > 0) path_[at++] = digits[--count];
        for (; *name != '\0'; ++name) path_[at++] = *name;
    }
    [[nodiscard]] const char* get() const noexcept { return path_; }

private:
    char path_[48] = {};
};

// The process of a thread.
pid_t processOf(pid_t thread) noexcept {
    const Descriptor file(::open(ProcPath(static_cast<std::uint64_t>(thread), "/status").get(),
                                 O_RDONLY | O_CLOEXEC));
    char text[1024] = {};
    if (!file.isOpen() || ::read(file.get(), text, sizeof text - 1) <= 0) return 0;
    const char* at = std::strstr(text, "\nTgid:");
    if (at == nullptr) return 0;
    pid_t pid = 0;
    for (at += 6; *at == '\t' || *at == ' '; ++at) {
    }
    for (; *at >= '0' && *at <= '9'; ++at) pid = pid * 10 + (*at - '0');
    return pid;
}

struct Peer {
    sockaddr_storage address{};
    socklen_t size = 0;
    Descriptor file;  // of a Unix socket: what the address leads to

    [[nodiscard]] const sockaddr* get() const noexcept {
        return size == 0 ? nullptr : reinterpret_cast<const sockaddr*>(&address);
    }
};

bool isNamed(const Rules& rules, const char* path) noexcept {
    return std::ranges::any_of(rules.sockets, [path](const std::string& allowed) {
        return allowed.ends_with('/') ? std::strncmp(path, allowed.data(), allowed.size()) == 0
                                      : allowed == path;
    });
}

// Looks the path up once; the address then leads to what was found. An errno, or 0.
int judgeUnix(Peer& peer, const Rules& rules, pid_t thread) noexcept {
    constexpr std::size_t offset = offsetof(sockaddr_un, sun_path);
    if (peer.size <= offset) return 0;  // no name
    char path[sizeof(sockaddr_un::sun_path) + 1] = {};
    std::memcpy(path, reinterpret_cast<const char*>(&peer.address) + offset,
                std::min<std::size_t>(peer.size - offset, sizeof path - 1));
    if (path[0] == '\0') return EPERM;  // an abstract one: the host's
    const Descriptor folder(
        ::open(ProcPath(static_cast<std::uint64_t>(thread), "/cwd").get(), O_PATH | O_CLOEXEC));
    peer.file = Descriptor(::openat(folder.get(), path, O_PATH | O_CLOEXEC));
    struct stat about {};
    if (!peer.file.isOpen()) return errno;
    if (::fstat(peer.file.get(), &about) != 0 || !S_ISSOCK(about.st_mode)) return ECONNREFUSED;
    char self[32] = "/proc/self/fd/";
    const ProcPath number(static_cast<std::uint64_t>(peer.file.get()), "");
    std::strcat(self, number.get() + std::strlen("/proc/"));
    char real[4096] = {};
    if (::readlink(self, real, sizeof real - 1) <= 0 || !isNamed(rules, real)) return EACCES;
    sockaddr_un found{};
    found.sun_family = AF_UNIX;
    std::strcpy(found.sun_path, self);
    std::memcpy(&peer.address, &found, sizeof found);
    peer.size = sizeof found;
    return 0;
}

// One call of a tool.
class Errand {
public:
    bool receive(int listener) noexcept;
    // Reads what the call names. An errno, or 0.
    int prepare(const Rules& rules) noexcept;
    // A result, or an errno below 0. -EAGAIN although the socket blocks: it would wait.
    long carryOut(bool mayWait) noexcept;
    void reply(long result) noexcept;
    // Whether the tool wants to wait.
    [[nodiscard]] bool isBlocking() const noexcept;

private:
    [[nodiscard]] bool read(std::uint64_t at, void* to, std::size_t size) const noexcept {
        return ::pread(memory_.get(), to, size, static_cast<off_t>(at)) ==
               static_cast<ssize_t>(size);
    }
    int readPeer(std::uint64_t at, std::uint64_t size, Peer& peer) noexcept;
    int readControl(std::uint64_t at, std::size_t size) noexcept;
    long connect(bool mayWait) noexcept;
    long sendTo(bool mayWait) noexcept;
    long sendMessage(std::uint64_t at, int flags, bool mayWait) noexcept;
    long sendMessages(bool mayWait) noexcept;
    [[nodiscard]] int option(int name) const noexcept {
        int value = -1;
        socklen_t size = sizeof value;
        ::getsockopt(socket_.get(), SOL_SOCKET, name, &value, &size);
        return value;
    }

    int listener_ = -1;
    union {
        seccomp_notif request_;
        char room_[512];  // a younger kernel's may be longer
    };
    const Rules* rules_ = nullptr;
    Descriptor memory_, socket_;
    std::size_t sent_ = 0;  // messages of one sendmmsg

public:
    Errand() noexcept : room_{} {}
    Errand(const Errand&) = delete;
    Errand& operator=(const Errand&) = delete;
    ~Errand() = default;
};

char payload[largest];
char control[1024];

bool Errand::isBlocking() const noexcept {
    const auto& args = request_.data.args;
    std::uint64_t flags = 0;
    if (request_.data.nr == SYS_sendto || request_.data.nr == SYS_sendmmsg) flags = args[3];
    if (request_.data.nr == SYS_sendmsg) flags = args[2];
    return (flags & MSG_DONTWAIT) == 0 && (::fcntl(socket_.get(), F_GETFL) & O_NONBLOCK) == 0;
}

bool Errand::receive(int listener) noexcept {
    listener_ = listener;
    return ::ioctl(listener, SECCOMP_IOCTL_NOTIF_RECV, &request_) == 0;
}

int Errand::prepare(const Rules& rules) noexcept {
    rules_ = &rules;
    const auto thread = static_cast<pid_t>(request_.pid);
    memory_ = Descriptor(::open(ProcPath(request_.pid, "/mem").get(), O_RDWR | O_CLOEXEC));
    if (!memory_.isOpen()) return errno;
    const Descriptor process(static_cast<int>(::syscall(SYS_pidfd_open, processOf(thread), 0)));
    // What was opened by number is the caller's as long as its call waits.
    if (!process.isOpen() || ::ioctl(listener_, SECCOMP_IOCTL_NOTIF_ID_VALID, &request_.id) != 0)
        return errno;
    socket_ = Descriptor(static_cast<int>(
        ::syscall(SYS_pidfd_getfd, process.get(), static_cast<int>(request_.data.args[0]), 0)));
    return socket_.isOpen() ? 0 : errno;
}

int Errand::readPeer(std::uint64_t at, std::uint64_t size, Peer& peer) noexcept {
    if (at == 0 || size == 0) return 0;
    if (size < sizeof(sa_family_t) || size > sizeof peer.address) return EINVAL;
    peer.size = static_cast<socklen_t>(size);
    if (!read(at, &peer.address, peer.size)) return EFAULT;
    if (peer.address.ss_family == AF_UNIX)
        return judgeUnix(peer, *rules_, static_cast<pid_t>(request_.pid));
    if (mayReach(rules_->network, peer.get(), peer.size)) return 0;
    // What a tool's own processes listen at, for others of the tool.
    const std::uint16_t port = rules_->inRoom && option(SO_TYPE) == SOCK_STREAM
                                   ? loopbackPort(peer.get(), peer.size)
                                   : std::uint16_t{0};
    return port != 0 && isOwnPort(port) ? 0 : EACCES;
}

long Errand::connect(bool mayWait) noexcept {
    Peer peer;
    const auto& args = request_.data.args;
    if (const int error = readPeer(args[1], static_cast<std::uint32_t>(args[2]), peer))
        return -error;
    const bool waits = option(SO_TYPE) != SOCK_DGRAM && peer.address.ss_family != AF_UNSPEC;
    if (waits && !mayWait && isBlocking()) return -EAGAIN;
    return ::connect(socket_.get(), peer.get(), peer.size) == 0 ? 0 : -errno;
}

// UDP takes an address of no family for one of IPv4.
bool isSendable(const Peer& peer) noexcept {
    return peer.size == 0 || peer.address.ss_family != AF_UNSPEC;
}

int flagsOf(std::uint64_t given, bool mayWait) noexcept {
    constexpr int known = MSG_DONTWAIT | MSG_OOB | MSG_EOR | MSG_MORE | MSG_CONFIRM;
    return (static_cast<int>(given) & known) | MSG_NOSIGNAL | (mayWait ? 0 : MSG_DONTWAIT);
}

long Errand::sendTo(bool mayWait) noexcept {
    Peer peer;
    const auto& args = request_.data.args;
    if (const int error = readPeer(args[4], static_cast<std::uint32_t>(args[5]), peer))
        return -error;
    if ((args[3] & MSG_FASTOPEN) != 0) return -EOPNOTSUPP;
    if (!isSendable(peer)) return -EINVAL;
    if (args[2] > largest && option(SO_TYPE) != SOCK_STREAM) return -EMSGSIZE;
    const std::size_t size = std::min<std::size_t>(args[2], largest);
    if (size > 0 && !read(args[1], payload, size)) return -EFAULT;
    const ssize_t count =
        ::sendto(socket_.get(), payload, size, flagsOf(args[3], mayWait), peer.get(), peer.size);
    return count >= 0 ? count : -errno;
}

bool isHarmless(const cmsghdr& header) noexcept {
    switch (header.cmsg_level) {
        case IPPROTO_IP:
            return header.cmsg_type == IP_PKTINFO || header.cmsg_type == IP_TOS ||
                   header.cmsg_type == IP_TTL;
        case IPPROTO_IPV6:
            return header.cmsg_type == IPV6_PKTINFO || header.cmsg_type == IPV6_TCLASS ||
                   header.cmsg_type == IPV6_HOPLIMIT;
        case IPPROTO_UDP:
            return header.cmsg_type == UDP_SEGMENT;
        default:  // descriptors and credentials: they would be the supervisor's
            return false;
    }
}

int Errand::readControl(std::uint64_t at, std::size_t size) noexcept {
    if (size > sizeof control) return ENOBUFS;
    if (!read(at, control, size)) return EFAULT;
    msghdr message{};
    message.msg_control = control;
    message.msg_controllen = size;
    for (cmsghdr* header = CMSG_FIRSTHDR(&message); header != nullptr;
         header = CMSG_NXTHDR(&message, header))
        if (!isHarmless(*header)) return EPERM;
    return 0;
}

long Errand::sendMessage(std::uint64_t at, int flags, bool mayWait) noexcept {
    msghdr message{};
    if (!read(at, &message, sizeof message)) return -EFAULT;
    if ((flags & MSG_FASTOPEN) != 0) return -EOPNOTSUPP;
    Peer peer;
    const auto name = reinterpret_cast<std::uint64_t>(message.msg_name);
    if (const int error = readPeer(name, message.msg_namelen, peer)) return -error;
    if (!isSendable(peer)) return -EINVAL;
    const bool mayCut = option(SO_TYPE) == SOCK_STREAM;
    if (mayCut && !mayWait && isBlocking()) return -EAGAIN;
    iovec parts[mostParts];
    if (message.msg_iovlen > mostParts && !mayCut) return -EMSGSIZE;
    const std::size_t partCount = std::min<std::size_t>(message.msg_iovlen, mostParts);
    if (partCount > 0 &&
        !read(reinterpret_cast<std::uint64_t>(message.msg_iov), parts, partCount * sizeof *parts))
        return -EFAULT;
    std::size_t size = 0;
    for (const iovec& part : std::span(parts, partCount)) {
        const std::size_t count = std::min(part.iov_len, largest - size);
        if (count < part.iov_len && !mayCut) return -EMSGSIZE;
        if (count > 0 &&
            !read(reinterpret_cast<std::uint64_t>(part.iov_base), payload + size, count))
            return -EFAULT;
        size += count;
    }
    iovec whole{payload, size};
    msghdr copy{};
    copy.msg_name = peer.size == 0 ? nullptr : &peer.address;
    copy.msg_namelen = peer.size;
    copy.msg_iov = &whole;
    copy.msg_iovlen = 1;
    if (message.msg_controllen > 0) {
        const auto from = reinterpret_cast<std::uint64_t>(message.msg_control);
        if (const int error = readControl(from, message.msg_controllen)) return -error;
        copy.msg_control = control;
        copy.msg_controllen = message.msg_controllen;
    }
    const ssize_t count =
        ::sendmsg(socket_.get(), &copy, flagsOf(static_cast<std::uint64_t>(flags), mayWait));
    return count >= 0 ? count : -errno;
}

long Errand::sendMessages(bool mayWait) noexcept {
    const auto& args = request_.data.args;
    const std::size_t count =
        std::min<std::size_t>(static_cast<std::uint32_t>(args[2]), mostMessages);
    while (sent_ < count) {
        const std::uint64_t at = args[1] + sent_ * sizeof(mmsghdr);
        const long result = sendMessage(at, static_cast<int>(args[3]), mayWait);
        if (result < 0) return sent_ > 0 ? static_cast<long>(sent_) : result;
        const auto length = static_cast<unsigned>(result);
        if (::pwrite(memory_.get(), &length, sizeof length,
                     static_cast<off_t>(at + offsetof(mmsghdr, msg_len))) != sizeof length)
            return -EFAULT;
        ++sent_;
    }
    return static_cast<long>(sent_);
}

long Errand::carryOut(bool mayWait) noexcept {
    const auto& args = request_.data.args;
    switch (request_.data.nr) {
        case SYS_connect:
            return connect(mayWait);
        case SYS_sendto:
            return sendTo(mayWait);
        case SYS_sendmsg:
            return sendMessage(args[1], static_cast<int>(args[2]), mayWait);
        case SYS_sendmmsg:
            return sendMessages(mayWait);
        default:
            return -ENOSYS;
    }
}

void Errand::reply(long result) noexcept {
    seccomp_notif_resp response{};
    response.id = request_.id;
    if (result < 0)
        response.error = static_cast<std::int32_t>(result);
    else
        response.val = result;
    ::ioctl(listener_, SECCOMP_IOCTL_NOTIF_SEND, &response);
}

}  // namespace

bool submit(const std::vector<sock_filter>& filter, int supervisor) noexcept {
    const sock_fprog program{static_cast<unsigned short>(filter.size()),
                             const_cast<sock_filter*>(filter.data())};
    // A tool that is interrupted (every Go program is, all the time) must not call twice.
    constexpr unsigned flags =
        SECCOMP_FILTER_FLAG_NEW_LISTENER | SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV;
    const Descriptor listener(
        static_cast<int>(::syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, flags, &program)));
    if (!listener.isOpen()) return false;
    const int number = listener.get();
    int error = EPIPE;
    if (::write(supervisor, &number, sizeof number) != sizeof number ||
        ::read(supervisor, &error, sizeof error) != sizeof error)
        error = EPIPE;
    errno = error;
    return error == 0;
}

Descriptor accept(int tool, pid_t process) noexcept {
    int number = -1;
    if (::read(tool, &number, sizeof number) != sizeof number) {
        errno = EPIPE;
        return {};
    }
    const Descriptor about(static_cast<int>(::syscall(SYS_pidfd_open, process, 0)));
    Descriptor listener(static_cast<int>(::syscall(SYS_pidfd_getfd, about.get(), number, 0)));
    const int error = listener.isOpen() ? 0 : errno;
    (void)!::write(tool, &error, sizeof error);
    errno = error;
    return listener;
}

void answer(int listener, const Rules& rules) noexcept {
    Errand errand;
    if (!errand.receive(listener)) return;
    if (const int error = errand.prepare(rules)) return errand.reply(-error);
    const long result = errand.carryOut(false);
    if (result != -EAGAIN || !errand.isBlocking()) return errand.reply(result);
    const pid_t child = ::_Fork();
    if (child < 0) errand.reply(-errno);
    if (child != 0) return;
    errand.reply(errand.carryOut(true));
    ::_exit(0);
}

}  // namespace driftkeeper::network_guard
