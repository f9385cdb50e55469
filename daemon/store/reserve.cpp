#include "daemon/store/reserve.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <string>
#include <system_error>

namespace driftkeeper {
namespace {

constexpr off_t reserveSize = 1 << 20;

std::filesystem::path reserveIn(const std::filesystem::path& directory) {
    return directory / "driftkeeper.reserve";
}

bool isThere(const std::filesystem::path& file) {
    struct stat state {};
    return ::lstat(file.c_str(), &state) == 0 && S_ISREG(state.st_mode) &&
           state.st_size == reserveSize;
}

bool isFull(int error) {
    return error == ENOSPC || error == EDQUOT || error == EFBIG;
}

}  // namespace

Result<void> keepReserve(const std::filesystem::path& directory) {
    const auto file = reserveIn(directory);
    if (isThere(file)) return {};
    const int descriptor = ::open(file.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
    int error = descriptor < 0 ? errno : ::posix_fallocate(descriptor, 0, reserveSize);
    if (descriptor >= 0) ::close(descriptor);
    if (error == 0) return {};
    spendReserve(directory);
    return failure(
        Remedy::FixSetup, isFull(error) ? "store_full" : "store_failed",
        "no reserve of disk space can be kept: " + std::generic_category().message(error));
}

void spendReserve(const std::filesystem::path& directory) noexcept {
    ::unlink(reserveIn(directory).c_str());
}

}  // namespace driftkeeper
