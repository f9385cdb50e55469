#include "providers/process/room.hpp"

#include <fcntl.h>
#include <linux/mount.h>
#include <sched.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstring>

#include "providers/process/descriptor.hpp"

namespace driftkeeper::room {
namespace {

// Where the host's file system stands while the room is built.
constexpr const char* host = ".host";
// Where overlayfs finds its folders: its options give ':' and ',' a meaning, these have neither.
constexpr const char* lower = "/.lower";
constexpr const char* scratch = "/.scratch";
constexpr const char* nothing = "/.nothing";  // what stands for hidden files

constexpr std::uint64_t readOnly = MOUNT_ATTR_RDONLY | MOUNT_ATTR_NOSUID | MOUNT_ATTR_NODEV;
constexpr std::uint64_t writable = MOUNT_ATTR_NOSUID | MOUNT_ATTR_NODEV;

bool write(const char* path, const char* text, std::size_t size) noexcept {
    const Descriptor file(::open(path, O_WRONLY | O_CLOEXEC));
    return file.isOpen() && ::write(file.get(), text, size) == static_cast<ssize_t>(size);
}

// A process that is not dumpable, as the daemon is, may not write its own maps.
bool takeIdentity(const Plan& plan) noexcept {
    if (::prctl(PR_SET_DUMPABLE, 1) != 0) return false;
    const bool taken = write("/proc/self/setgroups", "deny", 4) &&
                       write("/proc/self/uid_map", plan.userMap.data(), plan.userMap.size()) &&
                       write("/proc/self/gid_map", plan.groupMap.data(), plan.groupMap.size());
    const int error = errno;
    ::prctl(PR_SET_DUMPABLE, 0);
    errno = error;
    return taken;
}

// A path from `root` (a descriptor) without following any link: what a tool of another call
// exchanges meanwhile for a link leads nowhere.
Descriptor walk(Descriptor at, const char* path) noexcept {
    char name[256];
    while (at.isOpen()) {
        while (*path == '/') ++path;
        if (*path == '\0') return at;
        std::size_t size = 0;
        while (path[size] != '\0' && path[size] != '/' && size < sizeof name - 1) ++size;
        std::memcpy(name, path, size);
        name[size] = '\0';
        path += size;
        at = Descriptor(::openat(at.get(), name, O_PATH | O_NOFOLLOW | O_CLOEXEC));
    }
    return at;
}

Descriptor inside(const std::string& path) noexcept {
    return walk(Descriptor(::open("/", O_PATH | O_CLOEXEC)), path.c_str());
}

Descriptor onHost(const std::string& path) noexcept {
    Descriptor root(::open("/", O_PATH | O_CLOEXEC));
    return walk(walk(std::move(root), host), path.c_str());
}

bool attach(const Descriptor& mount, const Descriptor& at) noexcept {
    return mount.isOpen() && at.isOpen() &&
           ::move_mount(mount.get(), "", at.get(), "",
                        MOVE_MOUNT_F_EMPTY_PATH | MOVE_MOUNT_T_EMPTY_PATH) == 0;
}

bool limit(int mount, std::uint64_t attributes, unsigned flags) noexcept {
    mount_attr change{};
    change.attr_set = attributes;
    return ::mount_setattr(mount, "", flags | AT_EMPTY_PATH, &change, sizeof change) == 0;
}

enum class Below { Included, Excluded };

bool bind(const Descriptor& from, const Descriptor& at, std::uint64_t attributes,
          Below below) noexcept {
    if (!from.isOpen()) return false;
    const unsigned all = below == Below::Included ? AT_RECURSIVE : 0;
    const Descriptor mount(
        ::open_tree(from.get(), "", OPEN_TREE_CLONE | OPEN_TREE_CLOEXEC | AT_EMPTY_PATH | all));
    return mount.isOpen() && limit(mount.get(), attributes, all) && attach(mount, at);
}

struct Option {
    const char* key;
    const char* text;  // nullptr: a flag
};

template <std::size_t size>
Descriptor fileSystem(const char* type, std::uint64_t attributes,
                      const Option (&options)[size]) noexcept {
    const Descriptor context(::fsopen(type, FSOPEN_CLOEXEC));
    if (!context.isOpen()) return {};
    for (const Option& option : options) {
        const auto command = option.text == nullptr ? FSCONFIG_SET_FLAG : FSCONFIG_SET_STRING;
        if (::fsconfig(context.get(), command, option.key, option.text, 0) != 0) return {};
    }
    if (::fsconfig(context.get(), FSCONFIG_CMD_CREATE, nullptr, nullptr, 0) != 0) return {};
    return Descriptor(::fsmount(context.get(), FSMOUNT_CLOEXEC, static_cast<unsigned>(attributes)));
}

Descriptor memory(const char* size, const char* mode) noexcept {
    return fileSystem("tmpfs", writable, {{"size", size}, {"mode", mode}});
}

// The root becomes a file system in memory, the host's stands below it.
bool moveIn() noexcept {
    if (::mount(nullptr, "/", nullptr, MS_REC | MS_PRIVATE, nullptr) != 0) return false;
    const Descriptor base = memory("16m", "0755");
    // Any folder that every host has: it is seen again as soon as this is the root.
    if (!attach(base, inside("/usr")) || ::fchdir(base.get()) != 0 || ::mkdir(host, 0700) != 0)
        return false;
    if (::syscall(SYS_pivot_root, ".", host) != 0 || ::chdir("/") != 0) return false;
    const Descriptor file(::open(nothing, O_CREAT | O_RDONLY | O_CLOEXEC, 0));
    return file.isOpen();
}

bool moveOut() noexcept {
    if (::umount2(host, MNT_DETACH) != 0 || ::rmdir(host) != 0) return false;
    return limit(inside("/").get(), readOnly, 0);
}

bool overlay(const Step& step) noexcept {
    if (::mkdir(lower, 0700) != 0 || ::mkdir(scratch, 0700) != 0) return false;
    if (!bind(onHost(step.from), inside(lower), readOnly, Below::Excluded) ||
        !bind(onHost(step.scratch), inside(scratch), writable, Below::Excluded))
        return false;
    const Descriptor mount = fileSystem("overlay", writable,
                                        {{"userxattr", nullptr},
                                         {"lowerdir", "/.lower"},
                                         {"upperdir", "/.scratch/upper"},
                                         {"workdir", "/.scratch/work"}});
    if (!attach(mount, inside(step.at))) return false;
    return ::umount2(lower, MNT_DETACH) == 0 && ::umount2(scratch, MNT_DETACH) == 0 &&
           ::rmdir(lower) == 0 && ::rmdir(scratch) == 0;
}

bool carryOut(const Step& step, const Plan& plan) noexcept {
    switch (step.kind) {
        case Step::Kind::Folder:
            return ::mkdir(step.at.c_str(), 0755) == 0 || errno == EEXIST;
        case Step::Kind::Passage:
            return ::mkdir(step.at.c_str(), 0111) == 0 || errno == EEXIST;
        case Step::Kind::File: {
            const Descriptor file(
                ::open(step.at.c_str(), O_CREAT | O_RDONLY | O_NOFOLLOW | O_CLOEXEC, 0644));
            return file.isOpen();
        }
        case Step::Kind::Link:
            return ::symlink(step.from.c_str(), step.at.c_str()) == 0 || errno == EEXIST;
        case Step::Kind::ReadOnly:
            return bind(onHost(step.from), inside(step.at), readOnly, Below::Included);
        case Step::Kind::Writable:
            return bind(onHost(step.from), inside(step.at), writable, Below::Included);
        case Step::Kind::Device:
            return bind(onHost(step.from), inside(step.at), MOUNT_ATTR_NOSUID, Below::Included);
        case Step::Kind::HiddenFolder:
            return attach(memory("1m", "0111"), inside(step.at));
        case Step::Kind::HiddenFile:
            return bind(inside(nothing), inside(step.at), readOnly, Below::Excluded);
        case Step::Kind::Temporary:
            return attach(memory(plan.temporary.c_str(), "1777"), inside(step.at));
        case Step::Kind::Processes:
            return attach(fileSystem("proc", writable | MOUNT_ATTR_NOEXEC, {{"source", "proc"}}),
                          inside(step.at));
        case Step::Kind::Overlay:
            return overlay(step);
    }
    return false;
}

}  // namespace

pid_t fork() noexcept {
    constexpr unsigned long spaces =
        CLONE_NEWUSER | CLONE_NEWNS | CLONE_NEWPID | CLONE_NEWIPC | CLONE_NEWUTS;
    return static_cast<pid_t>(::syscall(SYS_clone, spaces | SIGCHLD, 0, 0, 0, 0));
}

Failure build(const Plan& plan) noexcept {
    if (!takeIdentity(plan) || !moveIn()) return {errno, -1};
    for (std::size_t i = 0; i < plan.steps.size(); ++i)
        if (!carryOut(plan.steps[i], plan)) return {errno, static_cast<int>(i)};
    // What stands in for hidden folders was writable as long as something had to be put there.
    for (std::size_t i = 0; i < plan.steps.size(); ++i)
        if (plan.steps[i].kind == Step::Kind::HiddenFolder &&
            !limit(inside(plan.steps[i].at).get(), readOnly, 0))
            return {errno, static_cast<int>(i)};
    return moveOut() ? Failure{} : Failure{errno, -1};
}

std::string describe(const Plan& plan, int step) {
    if (step < 0 || static_cast<std::size_t>(step) >= plan.steps.size()) return "its namespaces";
    return plan.steps[static_cast<std::size_t>(step)].at;
}

}  // namespace driftkeeper::room
