#include "providers/look/files.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <fstream>

#include "providers/process/descriptor.hpp"

namespace driftkeeper {
namespace {

namespace fs = std::filesystem;

std::unexpected<Error> broken(const fs::path& path, int error) {
    return failure(Remedy::FixSetup,
                   error == ENOSPC || error == EDQUOT ? "disk_full" : "private_directory",
                   fmt::format("cannot write {}: {}", path.string(), std::strerror(error)));
}

}  // namespace

std::optional<std::string> fileText(const fs::path& path, std::size_t limit) {
    std::error_code error;
    if (!fs::is_regular_file(path, error)) return std::nullopt;
    const std::uintmax_t size = fs::file_size(path, error);
    if (error || size > limit) return std::nullopt;
    std::ifstream file(path, std::ios::binary);
    std::string text(static_cast<std::size_t>(size), '\0');
    file.read(text.data(), static_cast<std::streamsize>(size));
    if (file.bad()) return std::nullopt;
    text.resize(static_cast<std::size_t>(file.gcount()));
    return text;
}

Result<void> writeFile(const fs::path& path, std::string_view text) {
    const fs::path part = path.string() + ".part";
    const Descriptor file(
        ::open(part.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0600));
    if (!file.isOpen()) return broken(path, errno);
    while (!text.empty()) {
        const ssize_t size = ::write(file.get(), text.data(), text.size());
        if (size < 0 && errno == EINTR) continue;
        if (size < 0) return broken(path, errno);
        text.remove_prefix(static_cast<std::size_t>(size));
    }
    if (::fsync(file.get()) != 0 || ::rename(part.c_str(), path.c_str()) != 0)
        return broken(path, errno);
    return {};
}

Result<void> makeFolder(const fs::path& path) {
    std::error_code error;
    fs::create_directories(path, error);
    if (!error) fs::permissions(path, fs::perms::owner_all, error);
    if (error) return broken(path, error.value());
    return {};
}

Result<void> emptyFolder(const fs::path& path) {
    std::error_code error;
    fs::remove_all(path, error);
    return makeFolder(path);
}

}  // namespace driftkeeper
