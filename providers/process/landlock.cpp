#include "providers/process/landlock.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <sys/syscall.h>

#include <algorithm>
#include <cerrno>
#include <cstdint>
#include <cstring>

namespace driftkeeper::landlock {
namespace {

namespace fs = std::filesystem;

// Debian's kernel headers end at ABI 2; the numbers are the kernel's.
constexpr std::uint64_t execute = 1U << 0, writeFile = 1U << 1, fileText = 1U << 2,
                        readDirectory = 1U << 3;
constexpr std::uint64_t removeAndMake = 0x1ff0;  // REMOVE_DIR … MAKE_SYM
constexpr std::uint64_t refer = 1U << 13, truncate = 1U << 14, ioctlDevice = 1U << 15;
constexpr std::uint64_t scopeAbstractSockets = 1U << 0, scopeSignals = 1U << 1;

constexpr std::uint64_t reading = execute | fileText | readDirectory;
constexpr std::uint64_t ofFiles = execute | fileText | writeFile | truncate | ioctlDevice;

struct RulesetAttributes {
    std::uint64_t files = 0;
    std::uint64_t network = 0;
    std::uint64_t scoped = 0;
};

struct [[gnu::packed]] PathBeneath {
    std::uint64_t allowed;
    std::int32_t parent;
};

std::uint64_t handledBy(int abi) noexcept {
    std::uint64_t rights = execute | writeFile | fileText | readDirectory | removeAndMake;
    if (abi >= 2) rights |= refer;
    if (abi >= 3) rights |= truncate;
    if (abi >= 5) rights |= ioctlDevice;
    return rights;
}

bool isBelow(const fs::path& path, const fs::path& ancestor) {
    return std::mismatch(ancestor.begin(), ancestor.end(), path.begin(), path.end()).first ==
           ancestor.end();
}

class Rules {
public:
    Rules(int ruleset, std::uint64_t handled) : ruleset_(ruleset), handled_(handled) {}

    // Paths that do not exist, and kinds of files that take no rules, are skipped.
    void allow(const char* path, std::uint64_t rights, int flags = 0) noexcept {
        const Descriptor file(::open(path, O_PATH | O_CLOEXEC | flags));
        struct stat about {};
        if (!file.isOpen() || ::fstat(file.get(), &about) != 0 || S_ISLNK(about.st_mode)) return;
        PathBeneath rule{rights & handled_, file.get()};
        if (!S_ISDIR(about.st_mode)) rule.allowed &= ofFiles;
        if (::syscall(SYS_landlock_add_rule, ruleset_, 1, &rule, 0) != 0 && error_ == 0 &&
            errno != EBADFD)
            error_ = errno;
    }

    // Landlock only adds rights: all beside the way to a hidden path is allowed, one by one.
    void allowAllBut(const fs::path& directory, const std::vector<fs::path>& hidden) {
        const auto covers = [&](const fs::path& path) {
            return std::ranges::any_of(hidden,
                                       [&](const fs::path& one) { return isBelow(path, one); });
        };
        const auto leadsTo = [&](const fs::path& path) {
            return std::ranges::any_of(hidden,
                                       [&](const fs::path& one) { return isBelow(one, path); });
        };
        if (covers(directory)) return;
        if (!leadsTo(directory)) return allow(directory.c_str(), reading, O_NOFOLLOW);
        std::error_code error;
        for (fs::directory_iterator entry(directory, error), end; !error && entry != end;
             entry.increment(error)) {
            // A link is no way around: the rule of what it points to decides.
            if (!entry->is_symlink(error)) allowAllBut(entry->path(), hidden);
        }
    }

    [[nodiscard]] int error() const noexcept { return error_; }

private:
    int ruleset_;
    std::uint64_t handled_;
    int error_ = 0;
};

std::vector<fs::path> resolved(const std::vector<fs::path>& paths) {
    std::vector<fs::path> result;
    for (const fs::path& path : paths) {
        std::error_code error;
        fs::path real = fs::canonical(path, error);
        if (!error) result.push_back(std::move(real));
    }
    return result;
}

int askedVersion() noexcept {
    constexpr unsigned versionOnly = 1;  // LANDLOCK_CREATE_RULESET_VERSION
    const long answer = ::syscall(SYS_landlock_create_ruleset, nullptr, 0, versionOnly);
    return answer > 0 ? static_cast<int>(answer) : 0;
}

// Older kernels know fewer members and refuse more: each of `files`, `network` and `scoped` has 8
// bytes.
std::size_t attributesSize(int abi) noexcept {
    if (abi >= 6) return 24;
    return abi >= 4 ? 16 : 8;
}

constexpr const char* devices[] = {"/dev/null", "/dev/zero",   "/dev/full",
                                   "/dev/tty",  "/dev/random", "/dev/urandom"};

int makeRuleset(int abi) noexcept {
    RulesetAttributes attributes{.files = handledBy(abi), .network = 0, .scoped = 0};
    if (abi >= 6) attributes.scoped = scopeAbstractSockets | scopeSignals;
    return static_cast<int>(
        ::syscall(SYS_landlock_create_ruleset, &attributes, attributesSize(abi), 0U));
}

}  // namespace

int version() noexcept {
    static const int abi = askedVersion();
    return abi;
}

Result<Descriptor> ruleset(const Sandbox& sandbox) {
    const int abi = version();
    if (abi == 0) return Descriptor();
    Descriptor result(makeRuleset(abi));
    if (!result.isOpen())
        return failure(Remedy::FixSetup, "tool_not_started",
                       fmt::format("cannot make a sandbox: {}", std::strerror(errno)));
    Rules rules(result.get(), handledBy(abi));
    rules.allowAllBut("/", resolved(sandbox.hidden));
    for (const fs::path& path : sandbox.readable) rules.allow(path.c_str(), reading);
    for (const fs::path& path : sandbox.writable) rules.allow(path.c_str(), ~std::uint64_t{0});
    for (const char* device : devices)
        rules.allow(device, fileText | writeFile | truncate | ioctlDevice);
    if (rules.error() != 0)
        return failure(Remedy::FixSetup, "tool_not_started",
                       fmt::format("cannot make a sandbox: {}", std::strerror(rules.error())));
    return result;
}

bool restrictSelf(int ruleset) noexcept {
    return ::syscall(SYS_landlock_restrict_self, ruleset, 0U) == 0;
}

bool restrictToRoom(const std::vector<std::string>& writable) noexcept {
    const int abi = askedVersion();
    if (abi == 0) return true;
    const Descriptor result(makeRuleset(abi));
    if (!result.isOpen()) return false;
    Rules rules(result.get(), handledBy(abi));
    rules.allow("/", reading);
    for (const std::string& path : writable) rules.allow(path.c_str(), ~std::uint64_t{0});
    for (const char* device : devices)
        rules.allow(device, fileText | writeFile | truncate | ioctlDevice);
    errno = rules.error();
    return errno == 0 && restrictSelf(result.get());
}

}  // namespace driftkeeper::landlock
