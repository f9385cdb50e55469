#include "daemon/store/state_modes.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>

#include <optional>
#include <string>

#include "daemon/base/log.hpp"

namespace driftkeeper {
namespace {

struct Allowed {
    unsigned least;
    unsigned most;
};

constexpr Allowed folder{0700, 0750};
constexpr Allowed token{0600, 0640};
constexpr Allowed database{0600, 0600};

std::optional<Allowed> allowedFor(const std::string& name) {
    if (name == "token") return token;
    if (name == "state-id" || name.starts_with("driftkeeper.")) return database;
    return std::nullopt;
}

void restore(const std::filesystem::path& path, mode_t type, Allowed allowed,
             std::vector<ModeChange>& changes) {
    struct stat state {};
    if (::lstat(path.c_str(), &state) != 0 || (state.st_mode & S_IFMT) != type) return;
    const unsigned was = state.st_mode & 07777U;
    const unsigned is = (was | allowed.least) & allowed.most;
    if (is == was || ::fchmodat(AT_FDCWD, path.c_str(), is, AT_SYMLINK_NOFOLLOW) != 0) return;
    changes.push_back({path, was, is});
}

}  // namespace

std::vector<ModeChange> restoreModes(const std::filesystem::path& directory) {
    std::vector<ModeChange> changes;
    std::error_code error;
    // With DynamicUser= the state directory is a link.
    const auto place = std::filesystem::canonical(directory, error);
    if (error) return changes;
    restore(place, S_IFDIR, folder, changes);
    std::filesystem::directory_iterator it(place, error);
    for (; !error && it != std::filesystem::directory_iterator(); it.increment(error))
        if (const auto allowed = allowedFor(it->path().filename()))
            restore(it->path(), S_IFREG, *allowed, changes);
    return changes;
}

void keepModes(const std::filesystem::path& directory) {
    for (const auto& [path, was, is] : restoreModes(directory))
        log::warning(log::event::modesRestored, "the mode of a state file was changed: it is back",
                     {{"path", path.string()},
                      {"was", fmt::format("{:04o}", was)},
                      {"is", fmt::format("{:04o}", is)}});
}

}  // namespace driftkeeper
