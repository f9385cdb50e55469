#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <deque>
#include <map>
#include <optional>
#include <set>
#include <string_view>

#include "providers/process/room.hpp"

namespace driftkeeper::room {
namespace {

namespace fs = std::filesystem;
using Kind = Step::Kind;

constexpr std::string_view systemFolders[] = {"/usr",   "/bin",   "/sbin",  "/lib",
                                              "/lib32", "/lib64", "/libx32"};
// Of /etc what programs need to find hosts, users, libraries, certificates and the time.
constexpr std::string_view systemSettings[] = {"/etc/ssl",
                                               "/etc/ca-certificates",
                                               "/etc/ca-certificates.conf",
                                               "/etc/pki",
                                               "/etc/resolv.conf",
                                               "/etc/hosts",
                                               "/etc/host.conf",
                                               "/etc/hostname",
                                               "/etc/gai.conf",
                                               "/etc/nsswitch.conf",
                                               "/etc/services",
                                               "/etc/protocols",
                                               "/etc/passwd",
                                               "/etc/group",
                                               "/etc/localtime",
                                               "/etc/timezone",
                                               "/etc/ld.so.cache",
                                               "/etc/ld.so.conf",
                                               "/etc/ld.so.conf.d",
                                               "/etc/alternatives",
                                               "/etc/os-release",
                                               "/etc/debian_version",
                                               "/etc/crypto-policies",
                                               "/etc/mime.types",
                                               "/etc/ssh/ssh_config",
                                               "/etc/ssh/ssh_config.d",
                                               "/etc/ssh/ssh_known_hosts"};
constexpr std::string_view devices[] = {"/dev/null",   "/dev/zero",    "/dev/full",
                                        "/dev/random", "/dev/urandom", "/dev/tty"};
// At the top of the file system: what is shown piece by piece or not at all. All else is shared,
// for local states, mirrors, programs and configuration of people lie there.
constexpr std::string_view notShared[] = {"bin",  "boot", "dev",   "etc",       "lib",
                                          "run",  "proc", "lib32", "lib64",     "libx32",
                                          "sbin", "sys",  "usr",   "lost+found"};

// Of two for the same path the later one in this order counts.
enum class Rank : std::uint8_t { Shared, Hidden, Readable, Own, Writable };

struct Mount {
    Kind kind = Kind::ReadOnly;
    Rank rank = Rank::Shared;
    std::string scratch = {};
    fs::path from = {};
};

bool isFolder(const fs::path& path) {
    std::error_code error;
    return fs::is_directory(path, error);
}

// What stands where. Paths are real ones: a link on the way to one is kept beside.
class Layout {
public:
    // Nothing happens when the path leads nowhere.
    void add(const fs::path& path, Kind kind, Rank rank) {
        if (const auto real = resolve(path)) put(*real, {kind, rank});
    }
    void hide(const fs::path& path) {
        if (const auto real = resolve(path))
            put(*real, {isFolder(*real) ? Kind::HiddenFolder : Kind::HiddenFile, Rank::Hidden});
    }
    void put(const fs::path& real, Mount mount) {
        if (!real.has_relative_path()) return;  // the root is the room's own
        if (mount.from.empty()) mount.from = real;
        const auto [at, isNew] = mounts_.try_emplace(real, mount);
        if (!isNew && at->second.rank < mount.rank) at->second = std::move(mount);
    }
    std::optional<fs::path> resolve(const fs::path& path);
    [[nodiscard]] std::vector<Step> steps() const;

private:
    using Mounts = std::map<fs::path, Mount>;  // what holds a path comes before it
    [[nodiscard]] const Mount* around(const fs::path& path, const Mounts& placed) const;
    void addFolders(const fs::path& path, const Mounts& placed, std::set<fs::path>& made,
                    std::vector<Step>& steps) const;

    Mounts mounts_;
    std::map<fs::path, std::string> links_;
};

std::optional<fs::path> Layout::resolve(const fs::path& path) {
    std::deque<fs::path> left(path.begin(), path.end());
    fs::path at = "/";
    for (int links = 0; !left.empty();) {
        const fs::path name = std::move(left.front());
        left.pop_front();
        if (name.empty() || name == "." || name == "/") continue;
        if (name == "..") {
            at = at.parent_path();
            continue;
        }
        const fs::path next = at / name;
        std::error_code error;
        const fs::file_status status = fs::symlink_status(next, error);
        if (error || !fs::exists(status)) return std::nullopt;
        if (!fs::is_symlink(status)) {
            at = next;
            continue;
        }
        const fs::path text = fs::read_symlink(next, error);
        if (error || ++links > 40) return std::nullopt;
        links_[next] = text.string();
        left.insert(left.begin(), text.begin(), text.end());
        if (text.is_absolute()) at = "/";
    }
    return at;
}

// The innermost that holds this path; nullptr: nothing of the host does.
const Mount* Layout::around(const fs::path& path, const Mounts& placed) const {
    for (fs::path at = path; at.has_relative_path();) {
        at = at.parent_path();
        if (const auto found = placed.find(at); found != placed.end()) return &found->second;
    }
    return nullptr;
}

bool isOfHost(const Mount* mount) {
    return mount != nullptr && (mount->kind == Kind::ReadOnly || mount->kind == Kind::Writable ||
                                mount->kind == Kind::Overlay);
}

bool isFile(const Mount& mount) {
    const bool isOfOneKind = mount.kind != Kind::ReadOnly && mount.kind != Kind::Writable;
    if (isOfOneKind) return mount.kind == Kind::HiddenFile || mount.kind == Kind::Device;
    return !isFolder(mount.from);
}

// The folders on the way to a path, where they do not stand in something of the host.
void Layout::addFolders(const fs::path& path, const Mounts& placed, std::set<fs::path>& made,
                        std::vector<Step>& steps) const {
    std::vector<fs::path> missing;
    for (fs::path at = path.parent_path(); at.has_relative_path(); at = at.parent_path()) {
        const auto here = placed.find(at);
        if (here != placed.end() || made.contains(at)) break;
        missing.push_back(at);
    }
    for (auto at = missing.rbegin(); at != missing.rend(); ++at) {
        made.insert(*at);
        const Mount* outer = around(*at, placed);
        const bool isHidden = outer != nullptr && outer->kind == Kind::HiddenFolder;
        steps.push_back({isHidden ? Kind::Passage : Kind::Folder, {}, at->string(), {}});
    }
}

std::vector<Step> Layout::steps() const {
    std::vector<Step> result;
    Mounts placed;
    std::set<fs::path> made;
    const auto isNeeded = [](const Mount& mount, const Mount* outer) {
        const bool hides = mount.kind == Kind::HiddenFolder || mount.kind == Kind::HiddenFile;
        if (hides) return isOfHost(outer);
        if (mount.kind != Kind::ReadOnly || outer == nullptr) return true;
        return outer->kind != Kind::ReadOnly && outer->kind != Kind::Writable;
    };
    for (const auto& [path, mount] : mounts_) {
        const Mount* outer = around(path, placed);
        if (!isNeeded(mount, outer)) continue;
        if (!isOfHost(outer)) {
            addFolders(path, placed, made, result);
            if (made.insert(path).second)
                result.push_back(
                    {isFile(mount) ? Kind::File : Kind::Folder, {}, path.string(), {}});
        }
        result.push_back({mount.kind, mount.from.string(), path.string(), mount.scratch});
        placed.emplace(path, mount);
    }
    for (const auto& [path, text] : links_) {
        if (isOfHost(around(path, placed))) continue;
        addFolders(path, placed, made, result);
        result.push_back({Kind::Link, text, path.string(), {}});
    }
    return result;
}

void addSystem(Layout& layout) {
    for (const std::string_view path : systemFolders)
        layout.add(path, Kind::ReadOnly, Rank::Readable);
    for (const std::string_view path : systemSettings)
        layout.add(path, Kind::ReadOnly, Rank::Shared);
    for (const std::string_view path : devices) layout.add(path, Kind::Device, Rank::Own);
}

void addShared(Layout& layout, const SandboxPolicy& policy) {
    if (policy.readable) {
        for (const fs::path& path : *policy.readable)
            layout.add(path, Kind::ReadOnly, Rank::Shared);
        return;
    }
    std::error_code error;
    for (fs::directory_iterator entry("/", error), end; !error && entry != end;
         entry.increment(error)) {
        const std::string name = entry->path().filename().string();
        if (std::ranges::find(notShared, name) == std::ranges::end(notShared) &&
            isFolder(entry->path()))
            layout.add(entry->path(), Kind::ReadOnly, Rank::Shared);
    }
}

// A tree's place need not exist on the host: then it is as it is named.
fs::path placeOf(Layout& layout, const fs::path& at) {
    if (auto real = layout.resolve(at)) return *std::move(real);
    const fs::path name = at.lexically_normal();
    if (!name.has_relative_path()) return name;
    return placeOf(layout, name.parent_path()) / name.filename();
}

void addTree(Layout& layout, const Sandbox::Tree& tree) {
    const auto checkout = layout.resolve(tree.checkout);
    if (!checkout) return;
    const fs::path at = placeOf(layout, tree.at);
    if (tree.scratch.empty())
        return layout.put(at, {Kind::ReadOnly, Rank::Writable, {}, *checkout});
    std::error_code error;
    for (const char* name : {"upper", "work"}) fs::create_directories(tree.scratch / name, error);
    if (const auto scratch = layout.resolve(tree.scratch))
        layout.put(at, {Kind::Overlay, Rank::Writable, scratch->string(), *checkout});
}

// With the folder in which it lies: programs look beside themselves. A folder of programs ends in
// /.
void addProgram(Layout& layout, const fs::path& program) {
    const auto real = layout.resolve(program);
    if (!real) return;
    if (!program.has_filename()) return layout.add(*real, Kind::ReadOnly, Rank::Shared);
    layout.add(real->parent_path(), Kind::ReadOnly, Rank::Shared);
    layout.add(*real, Kind::ReadOnly, Rank::Shared);
}

std::string mapOf(unsigned id) {
    return fmt::format("{} {} 1\n", id, id);
}

}  // namespace

Plan planOf(const Sandbox& sandbox, const SandboxPolicy& policy,
            const std::vector<fs::path>& programs) {
    Layout layout;
    addSystem(layout);
    addShared(layout, policy);
    for (const fs::path& program : programs) addProgram(layout, program);
    for (const fs::path& path : sandbox.hidden) layout.hide(path);
    for (const fs::path& path : sandbox.readable) layout.add(path, Kind::ReadOnly, Rank::Readable);
    for (const fs::path& path : sandbox.writable) layout.add(path, Kind::Writable, Rank::Writable);
    if (sandbox.tree) addTree(layout, *sandbox.tree);
    layout.put("/proc", {Kind::Processes, Rank::Own});
    layout.put("/tmp", {Kind::Temporary, Rank::Shared});
    layout.put("/dev/shm", {Kind::Temporary, Rank::Own});

    Plan plan;
    plan.steps = layout.steps();
    constexpr std::pair<const char*, const char*> links[] = {{"/dev/fd", "/proc/self/fd"},
                                                             {"/dev/stdin", "/proc/self/fd/0"},
                                                             {"/dev/stdout", "/proc/self/fd/1"},
                                                             {"/dev/stderr", "/proc/self/fd/2"}};
    for (const auto& [at, text] : links) plan.steps.push_back({Kind::Link, text, at, {}});
    for (const Step& step : plan.steps)
        if (step.kind == Kind::Writable || step.kind == Kind::Temporary ||
            step.kind == Kind::Overlay)
            plan.writable.push_back(step.at);
    plan.userMap = mapOf(::geteuid());
    plan.groupMap = mapOf(::getegid());
    return plan;
}

bool shows(const Plan& plan, const fs::path& file) {
    std::error_code error;
    const fs::path real = fs::canonical(file, error);
    if (error) return false;
    const Step* innermost = nullptr;
    for (const Step& step : plan.steps) {  // what holds a path comes before it
        const fs::path at = step.at;
        const bool holds =
            std::mismatch(at.begin(), at.end(), real.begin(), real.end()).first == at.end();
        const bool isMount = step.kind != Kind::Folder && step.kind != Kind::Passage &&
                             step.kind != Kind::File && step.kind != Kind::Link;
        if (holds && isMount) innermost = &step;
    }
    return innermost != nullptr &&
           (innermost->kind == Kind::ReadOnly || innermost->kind == Kind::Writable ||
            innermost->kind == Kind::Overlay);
}

}  // namespace driftkeeper::room
