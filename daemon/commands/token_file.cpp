#include "daemon/commands/token_file.hpp"

#include <fmt/format.h>
#include <grp.h>
#include <pwd.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>

#include "daemon/base/files.hpp"

namespace driftkeeper {
namespace {

namespace fs = std::filesystem;

constexpr const char* packageState = "/var/lib/driftkeeper";

bool stateOf(const fs::path& path, struct stat& state) {
    return ::stat(path.c_str(), &state) == 0;
}

std::string groupName(gid_t id) {
    group entry{};
    group* found = nullptr;
    std::array<char, 16384> room{};
    if (getgrgid_r(id, &entry, room.data(), room.size(), &found) == 0 && found != nullptr)
        return entry.gr_name;
    return std::to_string(id);
}

std::string userName(uid_t id) {
    passwd entry{};
    passwd* found = nullptr;
    std::array<char, 16384> room{};
    if (getpwuid_r(id, &entry, room.data(), room.size(), &found) == 0 && found != nullptr)
        return entry.pw_name;
    return std::to_string(id);
}

// What is in the way: the file, or the nearest folder above it that can be asked.
fs::path obstacleOf(const fs::path& file) {
    struct stat state {};
    for (fs::path at = file; at != at.root_path(); at = at.parent_path())
        if (stateOf(at, state)) return at;
    return file.root_path();
}

bool groupMayRead(const fs::path& path) {
    struct stat state {};
    return stateOf(path, state) && (state.st_mode & S_IRGRP) != 0;
}

void explain(TokenFile& file) {
    struct stat state {};
    if (!stateOf(file.path, state) && errno == ENOENT) {
        file.trouble =
            fmt::format("there is no token at {}: the daemon creates it at its first start",
                        file.path.string());
        file.fix = "name the settings of the running daemon: --config FILE";
        return;
    }
    if (S_ISREG(state.st_mode) && ::access(file.path.c_str(), R_OK) == 0) {
        file.trouble =
            fmt::format("the token {} is empty: nobody may operate the daemon", file.path.string());
        file.fix = "restart the daemon: it makes a new one";
        return;
    }
    const fs::path obstacle = obstacleOf(file.path);
    file.trouble =
        fmt::format("the token {} cannot be read: {} belongs to {}", file.path.string(),
                    obstacle == file.path ? "it" : obstacle.string(), ownership(obstacle));
    file.fix = groupMayRead(obstacle)
                   ? fmt::format("run this with sudo, or join the group: sudo usermod -aG {} $USER",
                                 groupOf(obstacle))
                   : "run this with sudo";
}

}  // namespace

std::string ownership(const fs::path& path) {
    struct stat state {};
    if (!stateOf(path, state)) return {};
    return fmt::format("{}:{}, mode {:04o}", userName(state.st_uid), groupName(state.st_gid),
                       state.st_mode & 07777);
}

std::string groupOf(const fs::path& path) {
    struct stat state {};
    return stateOf(path, state) ? groupName(state.st_gid) : std::string();
}

TokenFile readTokenFile(const fs::path& stateDirectory) {
    TokenFile file;
    std::error_code error;
    file.path = stateDirectory / "token";
    if (stateDirectory.empty() || fs::status(file.path, error).type() == fs::file_type::not_found) {
        const fs::path packaged = fs::path(packageState) / "token";
        if (stateDirectory.empty() ||
            fs::status(packageState, error).type() == fs::file_type::directory)
            file.path = packaged;
    }
    if (auto token = readFile(file.path, 4096)) {
        while (!token->empty() && token->back() == '\n') token->pop_back();
        file.token = *std::move(token);
    }
    if (file.token.empty()) explain(file);
    return file;
}

}  // namespace driftkeeper
