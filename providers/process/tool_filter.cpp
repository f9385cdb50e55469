#include "providers/process/tool_filter.hpp"

#include <fcntl.h>
#include <linux/seccomp.h>
#include <netinet/in.h>
#include <sched.h>
#include <seccomp.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <memory>

#include "providers/process/descriptor.hpp"
#include "providers/process/landlock.hpp"

namespace driftkeeper::tool_filter {
namespace {

constexpr const char* refused[] = {"unshare",
                                   "setns",
                                   "mount",
                                   "umount",
                                   "umount2",
                                   "pivot_root",
                                   "chroot",
                                   "fsopen",
                                   "fsconfig",
                                   "fsmount",
                                   "fspick",
                                   "move_mount",
                                   "open_tree",
                                   "mount_setattr",  // other namespaces
                                   "ptrace",
                                   "process_vm_readv",
                                   "process_vm_writev",
                                   "pidfd_getfd",
                                   "kcmp",
                                   "process_madvise",  // other processes
                                   "io_uring_setup",
                                   "io_uring_enter",
                                   "io_uring_register",
                                   "userfaultfd",
                                   "bpf",
                                   "perf_event_open",
                                   "fanotify_init",
                                   "open_by_handle_at",  // doors of the kernel
                                   "add_key",
                                   "request_key",
                                   "keyctl",  // keyrings outlive a call
                                   "kexec_load",
                                   "kexec_file_load",
                                   "init_module",
                                   "finit_module",
                                   "delete_module",
                                   "swapon",
                                   "swapoff",
                                   "reboot",
                                   "acct",
                                   "quotactl",
                                   "syslog"};

// glibc knows how to do without.
constexpr const char* unknown[] = {"clone3", "openat2"};
constexpr int fchmodat2 = 452;  // younger than this libseccomp

// Modes that give somebody else's rights: of the calls and which argument it is.
struct ModeCall {
    const char* name;
    unsigned argument;
};
constexpr ModeCall modeCalls[] = {{"chmod", 1},   {"fchmod", 1}, {"fchmodat", 2}, {"mkdir", 1},
                                  {"mkdirat", 2}, {"mknod", 1},  {"mknodat", 2},  {"creat", 1}};
constexpr ModeCall openCalls[] = {{"open", 1}, {"openat", 2}};  // of the flags; the mode is next

using Context = std::unique_ptr<void, void (*)(void*)>;

class Rules {
public:
    explicit Rules(scmp_filter_ctx context) : context_(context) {}

    // A call that this machine does not have needs no rule.
    template <typename... Comparisons>
    void refuse(const char* name, int error, Comparisons... comparisons) {
        const int number = seccomp_syscall_resolve_name(name);
        if (number == __NR_SCMP_ERROR) return;
        refuse(number, error, comparisons...);
    }
    template <typename... Comparisons>
    void refuse(int number, int error, Comparisons... comparisons) {
        (void)seccomp_rule_add(context_, SCMP_ACT_ERRNO(static_cast<std::uint16_t>(error)), number,
                               sizeof...(comparisons), comparisons...);
    }

    template <typename... Comparisons>
    void judge(int number, Comparisons... comparisons) {
        (void)seccomp_rule_add(context_, SCMP_ACT_NOTIFY, number, sizeof...(comparisons),
                               comparisons...);
    }

private:
    scmp_filter_ctx context_;
};

scmp_datum_t datum(int value) {
    return static_cast<scmp_datum_t>(value);
}

scmp_arg_cmp hasBit(unsigned argument, int bit) {
    return {argument, SCMP_CMP_MASKED_EQ, datum(bit), datum(bit)};
}

void addNamespaces(Rules& rules) {
    for (const int flag : {CLONE_NEWNS, CLONE_NEWCGROUP, CLONE_NEWUTS, CLONE_NEWIPC, CLONE_NEWUSER,
                           CLONE_NEWPID, CLONE_NEWNET})
        rules.refuse("clone", EPERM, hasBit(0, flag));
}

void addModes(Rules& rules) {
    for (const int bit : {S_ISUID, S_ISGID}) {
        for (const auto& [name, argument] : modeCalls)
            rules.refuse(name, EPERM, hasBit(argument, bit));
        for (const auto& [name, argument] : openCalls)
            rules.refuse(name, EPERM, hasBit(argument, O_CREAT), hasBit(argument + 1, bit));
    }
    rules.refuse(fchmodat2, ENOSYS);
}

void addSockets(Rules& rules) {
    // Everything below AF_UNIX, between it and AF_INET6, and beyond.
    for (int family = 0; family <= AF_INET6; ++family)
        if (family != AF_UNIX && family != AF_INET && family != AF_INET6)
            rules.refuse("socket", EAFNOSUPPORT, scmp_arg_cmp{0, SCMP_CMP_EQ, datum(family), 0});
    rules.refuse("socket", EAFNOSUPPORT, scmp_arg_cmp{0, SCMP_CMP_GT, AF_INET6, 0});
}

// Everything that names a peer, and other ways to lead packets to one.
void addPeers(Rules& rules) {
    rules.judge(SCMP_SYS(connect));
    rules.judge(SCMP_SYS(sendto), scmp_arg_cmp{4, SCMP_CMP_NE, 0, 0});
    rules.judge(SCMP_SYS(sendmsg));
    rules.judge(SCMP_SYS(sendmmsg));
    // They name peers elsewhere, or let a peer name others.
    constexpr scmp_datum_t dccp = 33, sctp = 132, mptcp = 262;
    for (const scmp_datum_t protocol : {dccp, sctp, mptcp})
        rules.refuse("socket", EPROTONOSUPPORT, scmp_arg_cmp{2, SCMP_CMP_EQ, protocol, 0});
    for (const int family : {AF_INET, AF_INET6})
        rules.refuse("socket", EPROTONOSUPPORT, scmp_arg_cmp{0, SCMP_CMP_EQ, datum(family), 0},
                     scmp_arg_cmp{1, SCMP_CMP_MASKED_EQ, 0xf, SOCK_SEQPACKET});
    // Source routes.
    constexpr int flowLabels = 32;  // IPV6_FLOWLABEL_MGR of linux/in6.h
    rules.refuse("setsockopt", EPERM, scmp_arg_cmp{1, SCMP_CMP_EQ, IPPROTO_IP, 0},
                 scmp_arg_cmp{2, SCMP_CMP_EQ, IP_OPTIONS, 0});
    for (const int option : {IPV6_RTHDR, IPV6_2292RTHDR, IPV6_2292PKTOPTIONS, flowLabels})
        rules.refuse("setsockopt", EPERM, scmp_arg_cmp{1, SCMP_CMP_EQ, IPPROTO_IPV6, 0},
                     scmp_arg_cmp{2, SCMP_CMP_EQ, datum(option), 0});
}

void addOthers(Rules& rules) {
    rules.refuse("prlimit64", EPERM, scmp_arg_cmp{0, SCMP_CMP_NE, 0, 0});
    rules.refuse("personality", EPERM, scmp_arg_cmp{0, SCMP_CMP_NE, 0, 0});
    for (const int request : {TIOCSTI, TIOCLINUX})
        rules.refuse("ioctl", EPERM,
                     scmp_arg_cmp{1, SCMP_CMP_MASKED_EQ, 0xffffffff, datum(request)});
}

std::vector<sock_filter> programOf(scmp_filter_ctx context) {
    const Descriptor file(::memfd_create("filter", MFD_CLOEXEC));
    if (!file.isOpen() || seccomp_export_bpf(context, file.get()) != 0) return {};
    const off_t size = ::lseek(file.get(), 0, SEEK_END);
    std::vector<sock_filter> result(static_cast<std::size_t>(size) / sizeof(sock_filter));
    const std::size_t bytes = result.size() * sizeof(sock_filter);
    if (::pread(file.get(), result.data(), bytes, 0) != static_cast<ssize_t>(bytes)) return {};
    return result;
}

std::vector<sock_filter> make(Where where, Peers peers) {
    const Context context(seccomp_init(SCMP_ACT_ALLOW), seccomp_release);
    if (!context) return {};
    // Calls by the tables of another machine (int 0x80 and x32): refused, and nobody is killed.
    (void)seccomp_attr_set(context.get(), SCMP_FLTATR_ACT_BADARCH, SCMP_ACT_ERRNO(ENOSYS));
    Rules rules(context.get());
    for (const char* name : refused) rules.refuse(name, EPERM);
    for (const char* name : unknown) rules.refuse(name, ENOSYS);
    addNamespaces(rules);
    addModes(rules);
    addSockets(rules);
    addOthers(rules);
    if (peers == Peers::Judged) addPeers(rules);
    if (where == Where::Host && landlock::version() < 3) rules.refuse("truncate", EPERM);
    return programOf(context.get());
}

}  // namespace

const std::vector<sock_filter>& filter(Where where, Peers peers) {
    static const std::array<std::vector<sock_filter>, 4> made = {
        make(Where::Room, Peers::AsHost), make(Where::Room, Peers::Judged),
        make(Where::Host, Peers::AsHost), make(Where::Host, Peers::Judged)};
    return made[(where == Where::Host ? 2 : 0) + (peers == Peers::Judged ? 1 : 0)];
}

bool install(const std::vector<sock_filter>& filter) noexcept {
    if (filter.empty()) return true;
    const sock_fprog program{static_cast<unsigned short>(filter.size()),
                             const_cast<sock_filter*>(filter.data())};
    return ::prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program, 0, 0) == 0;
}

}  // namespace driftkeeper::tool_filter
