#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>
#include <utility>

#include "daemon/store/sqlite.hpp"
#include "daemon/store/sqlite_schema.hpp"

namespace driftkeeper::sqlite {
namespace {

// The open lock file: held as long as this process lives with it.
class Lock {
public:
    explicit Lock(int descriptor) noexcept : descriptor_(descriptor) {}
    Lock(const Lock&) = delete;
    ~Lock() { ::close(descriptor_); }

private:
    int descriptor_;
};

std::unexpected<Error> fileFailure(const std::filesystem::path& file, int code) {
    if (code == ENOSPC || code == EDQUOT || code == EFBIG)
        return failure(Remedy::FixSetup, "store_full",
                       fmt::format("no space is left for {}", file.string()));
    return failure(Remedy::FixSetup, "store_failed",
                   fmt::format("{} cannot be opened: {}", file.string(),
                               std::generic_category().message(code)));
}

// SQLite gives its other files the mode of this one.
Result<void> makePrivateFile(const std::filesystem::path& file) {
    const int descriptor = ::open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (descriptor < 0) return fileFailure(file, errno);
    const bool isPrivate = ::fchmod(descriptor, 0600) == 0;
    const int code = errno;
    ::close(descriptor);
    if (!isPrivate) return fileFailure(file, code);
    return {};
}

Result<std::shared_ptr<const Lock>> takeLock(const std::filesystem::path& file) {
    const int descriptor = ::open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (descriptor < 0) return fileFailure(file, errno);
    auto lock = std::make_shared<const Lock>(descriptor);
    if (::flock(descriptor, LOCK_EX | LOCK_NB) == 0) return lock;
    if (errno != EWOULDBLOCK) return fileFailure(file, errno);
    return failure(Remedy::Stop, "store_locked",
                   fmt::format("another process uses {}", file.parent_path().string()));
}

Result<sql::Connection> openMigrated(const std::filesystem::path& file,
                                     const OpenOptions& options) {
    auto connection = open(file, options);
    if (!connection) return connection;
    if (auto migrated = migrate(*connection, schemaSteps(), file); !migrated)
        return std::unexpected(migrated.error());
    return connection;
}

}  // namespace

Result<std::unique_ptr<sql::Database>> openDirectory(const std::filesystem::path& directory,
                                                     const OpenOptions& options) {
    const auto file = directory / "driftkeeper.db";
    auto lock = takeLock(directory / "driftkeeper.lock");
    if (!lock) return std::unexpected(lock.error());
    if (auto made = makePrivateFile(file); !made) return std::unexpected(made.error());
    auto writer = openMigrated(file, options);
    if (!writer) return std::unexpected(writer.error().within(file.string()));
    auto readOptions = options;
    readOptions.readOnly = true;
    auto reader = open(file, readOptions);
    if (!reader) return std::unexpected(reader.error().within(file.string()));
    return std::make_unique<sql::Database>(*std::move(lock), *std::move(writer),
                                           *std::move(reader));
}

}  // namespace driftkeeper::sqlite
