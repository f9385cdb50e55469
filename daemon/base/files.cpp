#include "daemon/base/files.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

namespace driftkeeper {
namespace {

std::unexpected<Error> fileError(const char* code, const std::filesystem::path& path, int error) {
    return failure(Remedy::FixSetup, code, path.string() + ": " + std::strerror(error));
}

class Descriptor {
public:
    explicit Descriptor(int value) noexcept : value_(value) {}
    ~Descriptor() {
        if (value_ >= 0) close(value_);
    }
    Descriptor(const Descriptor&) = delete;
    Descriptor& operator=(const Descriptor&) = delete;
    [[nodiscard]] int get() const noexcept { return value_; }

private:
    int value_;
};

bool writeAll(int file, std::string_view content) noexcept {
    while (!content.empty()) {
        const auto count = ::write(file, content.data(), content.size());
        if (count < 0 && errno == EINTR) continue;
        if (count <= 0) return false;
        content.remove_prefix(static_cast<std::size_t>(count));
    }
    return true;
}

}  // namespace

Result<std::string> readFile(const std::filesystem::path& path, std::size_t most) {
    const Descriptor file(open(path.c_str(), O_RDONLY | O_CLOEXEC));
    if (file.get() < 0) return fileError("file_unreadable", path, errno);
    std::string content;
    char buffer[16384];
    for (;;) {
        const auto count = read(file.get(), buffer, sizeof buffer);
        if (count < 0 && errno == EINTR) continue;
        if (count < 0) return fileError("file_unreadable", path, errno);
        if (count == 0) return content;
        if (content.size() + static_cast<std::size_t>(count) > most)
            return fileError("file_unreadable", path, EFBIG);
        content.append(buffer, static_cast<std::size_t>(count));
    }
}

Result<void> writeFile(const std::filesystem::path& path, std::string_view content, unsigned mode) {
    const std::filesystem::path beside = path.string() + ".new";
    const Descriptor file(
        open(beside.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0600));
    if (file.get() < 0) return fileError("file_unwritable", beside, errno);
    if (!writeAll(file.get(), content) || fchmod(file.get(), static_cast<mode_t>(mode)) != 0 ||
        fsync(file.get()) != 0 || rename(beside.c_str(), path.c_str()) != 0) {
        const int error = errno;
        unlink(beside.c_str());
        return fileError("file_unwritable", path, error);
    }
    return {};
}

Result<void> makeDirectory(const std::filesystem::path& path) {
    std::filesystem::path done;
    for (const auto& part : path) {
        done /= part;
        if (mkdir(done.c_str(), 0700) != 0 && errno != EEXIST)
            return fileError("directory_unwritable", done, errno);
    }
    if (!std::filesystem::is_directory(path))
        return fileError("directory_unwritable", path, ENOTDIR);
    return {};
}

}  // namespace driftkeeper
