#include "daemon/store/state_look.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "daemon/store/sqlite.hpp"
#include "daemon/store/sqlite_schema.hpp"

namespace driftkeeper {
namespace {

// A look takes the lock for a moment, shared: two looks do not see each other as the daemon.
Result<bool> isHeld(const std::filesystem::path& file) {
    const int descriptor = ::open(file.c_str(), O_RDONLY | O_CLOEXEC);
    if (descriptor < 0 && errno == ENOENT) return false;
    if (descriptor < 0)
        return failure(Remedy::FixSetup, "store_unreadable",
                       fmt::format("{} cannot be read: {}", file.string(), std::strerror(errno)));
    const bool held = ::flock(descriptor, LOCK_SH | LOCK_NB) != 0;
    ::close(descriptor);
    return held;
}

}  // namespace

Result<StateLook> lookAtState(const std::filesystem::path& directory) {
    StateLook look;
    look.known = static_cast<std::int64_t>(sqlite::schemaSteps().size());
    const auto held = isHeld(directory / "driftkeeper.lock");
    if (!held) return std::unexpected(held.error());
    look.inUse = *held;
    const auto file = directory / "driftkeeper.db";
    std::error_code error;
    if (!std::filesystem::exists(file, error)) return look;
    sqlite::OpenOptions options;
    options.readOnly = true;
    options.busyTimeout = std::chrono::milliseconds(2'000);
    auto connection = sqlite::open(file, options);
    if (!connection) return std::unexpected(connection.error());
    const auto version = sqlite::schemaVersion(*connection);
    if (!version) return std::unexpected(version.error());
    look.version = *version;
    const auto check = connection->row("PRAGMA quick_check(1)", {}, sql::firstText);
    if (!check) return std::unexpected(check.error());
    if (check->value_or("") != "ok")
        return failure(Remedy::Stop, "store_damaged",
                       fmt::format("the state database is damaged ({})", check->value_or("empty")));
    return look;
}

}  // namespace driftkeeper
