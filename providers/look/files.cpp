#include "providers/look/files.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "providers/process/descriptor.hpp"
#include "providers/process/remove_tree.hpp"

namespace driftkeeper {
namespace {

namespace fs = std::filesystem;

std::unexpected<Error> broken(const fs::path& path, int error) {
    return failure(Remedy::FixSetup,
                   error == ENOSPC || error == EDQUOT ? "disk_full" : "private_directory",
                   fmt::format("cannot write {}: {}", path.string(), std::strerror(error)));
}

// Looked at when it is open: what is there by name may be another thing a moment later. A FIFO does
// not keep us waiting.
std::optional<std::string> textOf(const Descriptor& file, std::size_t limit) {
    struct stat about {};
    if (!file.isOpen() || ::fstat(file.get(), &about) != 0 || !S_ISREG(about.st_mode) ||
        static_cast<std::uintmax_t>(about.st_size) > limit)
        return std::nullopt;
    std::string text(static_cast<std::size_t>(about.st_size), '\0');
    std::size_t at = 0;
    while (at < text.size()) {
        const ssize_t size = ::read(file.get(), text.data() + at, text.size() - at);
        if (size < 0 && errno == EINTR) continue;
        if (size < 0) return std::nullopt;
        if (size == 0) break;
        at += static_cast<std::size_t>(size);
    }
    text.resize(at);
    return text;
}

constexpr int readingFlags = O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY;

}  // namespace

std::optional<std::string> fileText(const fs::path& path, std::size_t limit) {
    return textOf(Descriptor(::open(path.c_str(), readingFlags)), limit);
}

std::optional<std::string> fileBelow(const fs::path& folder, const fs::path& path,
                                     std::size_t limit) {
    Descriptor at(::open(folder.c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC));
    const fs::path parent = path.parent_path();
    for (const fs::path& name : parent) {
        if (!at.isOpen() || name == "..") return std::nullopt;
        at = Descriptor(
            ::openat(at.get(), name.c_str(), O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
    }
    if (!at.isOpen()) return std::nullopt;
    return textOf(
        Descriptor(::openat(at.get(), path.filename().c_str(), readingFlags | O_NOFOLLOW)), limit);
}

Result<void> writeFile(const fs::path& path, std::string_view text) {
    const fs::path part = path.string() + ".part";
    ::unlink(part.c_str());
    const Descriptor file(
        ::open(part.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600));
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
    fs::create_directories(path.parent_path(), error);
    if (!fs::is_directory(fs::symlink_status(path, error))) removeTree(path);
    if (::mkdir(path.c_str(), 0700) != 0 && errno != EEXIST) return broken(path, errno);
    return ::chmod(path.c_str(), 0700) == 0 ? Result<void>() : broken(path, errno);
}

Result<void> emptyFolder(const fs::path& path) {
    removeTree(path);
    return makeFolder(path);
}

}  // namespace driftkeeper
