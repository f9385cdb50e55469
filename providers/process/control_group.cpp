#include "providers/process/control_group.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <linux/magic.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <sys/xattr.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <chrono>
#include <cstring>
#include <fstream>
#include <string_view>
#include <thread>

namespace driftkeeper {
namespace {

namespace fs = std::filesystem;
using namespace std::chrono_literals;

constexpr const char* leaf = "daemon";
constexpr std::string_view callPrefix = "look-";

bool write(const fs::path& file, std::string_view text) noexcept {
    const Descriptor open(::open(file.c_str(), O_WRONLY | O_CLOEXEC));
    return open.isOpen() &&
           ::write(open.get(), text.data(), text.size()) == static_cast<ssize_t>(text.size());
}

// The number after a key of a file such as memory.events; without a key the file's own.
std::uint64_t valueIn(const fs::path& file, std::string_view key) {
    std::ifstream text(file);
    std::string word;
    std::uint64_t value = 0;
    if (key.empty()) return text >> value ? value : 0;
    while (text >> word >> value)
        if (word == key) return value;
    return 0;
}

// systemd notes what it delegates; a folder that is ours is none of the system's.
bool isDelegated(const fs::path& folder) {
    struct stat about {};
    if (::stat(folder.c_str(), &about) != 0 || about.st_uid != ::geteuid()) return false;
    if (::geteuid() != 0) return true;
    char value[2] = {};
    for (const char* note : {"user.delegate", "trusted.delegate"})
        if (::getxattr(folder.c_str(), note, value, sizeof value) == 1 && value[0] == '1')
            return true;
    return false;
}

// Where this process is, in the tree of a controller of version 1, or of version 2 (empty).
std::string ownPath(std::string_view controller) {
    std::ifstream lines("/proc/self/cgroup");
    for (std::string line; std::getline(lines, line);) {  // NUMBER:CONTROLLER,…:/PATH
        const auto names = line.find(':') + 1;
        const auto path = line.find(':', names);
        if (path == std::string::npos) continue;
        const std::string all = "," + line.substr(names, path - names) + ",";
        if (all == ",,") {
            if (controller.empty()) return line.substr(path + 1);
        } else if (!controller.empty() && all.contains(fmt::format(",{},", controller))) {
            return line.substr(path + 1);
        }
    }
    return "";
}

// The least of a limit on the way up from a group; 0: none.
std::uint64_t leastAbove(const fs::path& top, const std::string& own, const char* file) {
    std::uint64_t least = 0;
    for (fs::path at = own; at.has_relative_path(); at = at.parent_path()) {
        const auto limit = valueIn(top / at.relative_path() / file, "");
        if (limit > 0 && (least == 0 || limit < least)) least = limit;
    }
    return least;
}

std::uint64_t lessOf(std::uint64_t one, std::uint64_t other) {
    return one == 0 || (other > 0 && other < one) ? other : one;
}

// Waits until what was killed is gone.
bool removeGroup(const fs::path& folder) noexcept {
    for (int tries = 0; tries < 200; ++tries) {
        if (::rmdir(folder.c_str()) == 0 || errno == ENOENT) return true;
        if (errno != EBUSY) return false;
        std::this_thread::sleep_for(10ms);
    }
    return false;
}

std::unexpected<std::string> refused(std::string_view what) {
    return std::unexpected(fmt::format("{}: {}", what, std::strerror(errno)));
}

}  // namespace

ControlGroup::~ControlGroup() {
    if (folder_.empty()) return;
    kill();
    removeGroup(folder_);
}

Descriptor ControlGroup::door() const {
    return Descriptor(::open((folder_ / "cgroup.procs").c_str(), O_WRONLY | O_CLOEXEC));
}

Limit ControlGroup::over() const {
    if (valueIn(folder_ / "memory.events", "oom_kill") > 0) return Limit::Memory;
    if (valueIn(folder_ / "pids.events", "max") > 0) return Limit::Processes;
    return Limit::None;
}

std::uint64_t ControlGroup::mostMemory() const {
    return valueIn(folder_ / "memory.peak", "");
}

void ControlGroup::kill() const noexcept {
    write(folder_ / "cgroup.kill", "1");
}

Limits hostLimits() {
    const fs::path top = "/sys/fs/cgroup";
    const std::string own = ownPath("");
    const auto pages = static_cast<std::uint64_t>(::sysconf(_SC_PHYS_PAGES));
    const auto memory = pages * static_cast<std::uint64_t>(::sysconf(_SC_PAGESIZE));
    Limits most;
    most.memory = lessOf(lessOf(memory, leastAbove(top, own, "memory.max")),
                         leastAbove(top / "memory", ownPath("memory"), "memory.limit_in_bytes"));
    most.processes = lessOf(leastAbove(top, own, "pids.max"),
                            leastAbove(top / "pids", ownPath("pids"), "pids.max"));
    return most;
}

std::expected<ControlGroups, std::string> ControlGroups::take() {
    const std::string own = ownPath("");
    if (own.empty()) return std::unexpected("this process is in no control group of version 2");
    return takeAt("/sys/fs/cgroup" + own);
}

std::expected<ControlGroups, std::string> ControlGroups::takeAt(const fs::path& folder) {
    struct statfs about {};
    if (::statfs(folder.c_str(), &about) != 0 || about.f_type != CGROUP2_SUPER_MAGIC)
        return std::unexpected("no file system of control groups at " + folder.string());
    if (!isDelegated(folder))
        return std::unexpected("the control group is not delegated (Delegate=yes of the unit)");
    const fs::path own = folder / leaf;
    if (::mkdir(own.c_str(), 0755) != 0 && errno != EEXIST) return refused("make a control group");
    if (!write(own / "cgroup.procs", "0")) return refused("enter a control group");
    if (!write(folder / "cgroup.subtree_control", "+memory +pids"))
        return refused("hand on the controllers memory and pids");
    write(folder / "cgroup.subtree_control", "+cpu");
    std::error_code error;  // of an earlier run
    for (const auto& entry : fs::directory_iterator(folder, error))
        if (entry.path().filename().string().starts_with(callPrefix))
            const ControlGroup old(entry.path());
    return ControlGroups(folder);
}

std::optional<ControlGroup> ControlGroups::make(const Limits& limits) const {
    static std::atomic<std::uint64_t> number{0};
    const fs::path folder = folder_ / fmt::format("{}{}", callPrefix, ++number);
    if (::mkdir(folder.c_str(), 0755) != 0) return std::nullopt;
    ControlGroup group(folder);
    const auto set = [&folder](const char* file, std::uint64_t most) {
        return most == 0 || write(folder / file, std::to_string(most));
    };
    // Its supervisor is in it, too.
    const auto processes = limits.processes == 0 ? 0 : limits.processes + 1;
    if (!set("memory.max", limits.memory) || !set("pids.max", processes)) return std::nullopt;
    write(folder / "memory.swap.max", "0");
    write(folder / "memory.oom.group", "1");
    write(folder / "cpu.weight", "50");  // others have 100, and so has the daemon
    return group;
}

}  // namespace driftkeeper
