#include "daemon/git/export_folder.hpp"

#include <dirent.h>
#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <iterator>
#include <map>
#include <memory>
#include <utility>

#include "daemon/git/remote_url.hpp"

namespace driftkeeper {

namespace {

constexpr std::uint64_t largestFile = 512U << 20U;
constexpr std::string_view indexTitle = "driftkeeper export 1";

std::unexpected<Error> cannot(const std::string& what, std::string_view path) {
    const int error = errno;
    if (error == ENOSPC || error == EDQUOT)
        return failure(Remedy::FixSetup, "git_disk_full",
                       "no space for the export of the repository");
    return failure(
        Remedy::FixSetup, "git_state",
        "the export cannot " + what + " \"" + scrubbed(path) + "\": " + std::strerror(error));
}

class Descriptor {
public:
    explicit Descriptor(int number = -1) : number_(number) {}
    Descriptor(Descriptor&& other) noexcept : number_(std::exchange(other.number_, -1)) {}
    Descriptor& operator=(Descriptor&& other) noexcept {
        std::swap(number_, other.number_);
        return *this;
    }
    ~Descriptor() {
        if (number_ >= 0) ::close(number_);
    }
    [[nodiscard]] int number() const noexcept { return number_; }
    explicit operator bool() const noexcept { return number_ >= 0; }

private:
    int number_;
};

// How the file system records a file; a change of content or mode always changes it.
std::string recordOf(const struct stat& status) {
    return fmt::format("{} {:o} {} {}.{} {}.{}", status.st_ino, status.st_mode, status.st_size,
                       status.st_mtim.tv_sec, status.st_mtim.tv_nsec, status.st_ctim.tv_sec,
                       status.st_ctim.tv_nsec);
}

std::string contentOf(const TreeFile& file) {
    return fmt::format("{}{}", static_cast<char>(file.kind), file.id);
}

struct Written {
    std::string content;
    std::string record;
};

// Fields end with NUL: the only byte that no path holds.
std::map<std::string, Written> readIndex(const std::filesystem::path& file) {
    std::ifstream in(file, std::ios::binary);
    std::string title, path;
    std::map<std::string, Written> index;
    if (!std::getline(in, title, '\0') || title != indexTitle) return index;
    for (Written written; std::getline(in, path, '\0') && std::getline(in, written.content, '\0') &&
                          std::getline(in, written.record, '\0');)
        index[path] = written;
    return index;
}

Result<void> saveIndex(const std::filesystem::path& file,
                       const std::map<std::string, Written>& index) {
    auto fresh = file;
    fresh += ".new";
    {
        std::ofstream out(fresh, std::ios::binary | std::ios::trunc);
        out << indexTitle << '\0';
        for (const auto& [path, written] : index)
            out << path << '\0' << written.content << '\0' << written.record << '\0';
        if (!out.flush()) return cannot("write", "index");
    }
    if (::rename(fresh.c_str(), file.c_str()) != 0) return cannot("write", "index");
    return {};
}

bool isDots(const char* name) {
    return std::strcmp(name, ".") == 0 || std::strcmp(name, "..") == 0;
}

std::vector<std::string> namesIn(int folder) {
    std::vector<std::string> names;
    const int copy = ::openat(folder, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    const std::unique_ptr<DIR, int (*)(DIR*)> listing(copy < 0 ? nullptr : ::fdopendir(copy),
                                                      &::closedir);
    if (!listing) return names;
    while (const dirent* entry = ::readdir(listing.get()))
        if (!isDots(entry->d_name)) names.emplace_back(entry->d_name);
    return names;
}

Result<void> removeAny(int folder, const std::string& name, std::string_view path) {
    if (::unlinkat(folder, name.c_str(), 0) == 0) return {};
    std::error_code error;
    std::filesystem::remove_all(fmt::format("/proc/self/fd/{}/{}", folder, name), error);
    if (!error) return {};
    errno = error.value();
    return cannot("remove", path);
}

class ExportWriter {
public:
    ExportWriter(Descriptor root, std::map<std::string, Written> before, git_odb* objects)
        : root_(std::move(root)), before_(std::move(before)), objects_(objects) {}

    Result<std::map<std::string, Written>> run(std::span<const TreeFile* const> files) {
        wanted_ = files;
        if (auto done = clean(root_.number(), ""); !done) return std::unexpected(done.error());
        for (const auto* file : files) {
            if (now_.contains(file->path)) continue;
            if (auto done = write(*file); !done) return std::unexpected(done.error());
        }
        return std::move(now_);
    }

private:
    const TreeFile* wantedFile(const std::string& path) const {
        const auto it = std::ranges::lower_bound(
            wanted_, path, {}, [](const TreeFile* f) -> const std::string& { return f->path; });
        return it != wanted_.end() && (*it)->path == path ? *it : nullptr;
    }

    bool isWantedFolder(const std::string& path) const {
        const std::string start = path + "/";
        const auto it = std::ranges::lower_bound(
            wanted_, start, {}, [](const TreeFile* f) -> const std::string& { return f->path; });
        return it != wanted_.end() && (*it)->path.starts_with(start);
    }

    // Removes what is not wanted or not as it was written; notes what can stay.
    Result<void> clean(int folder, const std::string& prefix) {
        for (const auto& name : namesIn(folder)) {
            const std::string path = prefix + name;
            struct stat status {};
            if (::fstatat(folder, name.c_str(), &status, AT_SYMLINK_NOFOLLOW) != 0)
                return cannot("read", path);
            if (S_ISDIR(status.st_mode) && isWantedFolder(path)) {
                if ((status.st_mode & 07777) != 0700 &&
                    ::fchmodat(folder, name.c_str(), 0700, 0) != 0)
                    return cannot("open", path);
                const Descriptor inner(::openat(folder, name.c_str(),
                                                O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
                if (!inner) return cannot("open", path);
                if (auto done = clean(inner.number(), path + "/"); !done) return done;
            } else if (!staysAsIs(path, status)) {
                if (auto done = removeAny(folder, name, path); !done) return done;
            }
        }
        return {};
    }

    bool staysAsIs(const std::string& path, const struct stat& status) {
        const auto* file = wantedFile(path);
        const auto written = before_.find(path);
        if (!file || written == before_.end() || written->second.content != contentOf(*file) ||
            written->second.record != recordOf(status))
            return false;
        now_.insert(*written);
        return true;
    }

    Result<void> write(const TreeFile& file) {
        const auto slash = file.path.rfind('/');
        const std::string folder = slash == std::string::npos ? "." : file.path.substr(0, slash);
        const std::string name =
            slash == std::string::npos ? file.path : file.path.substr(slash + 1);
        if (auto done = enter(folder); !done) return done;
        if (auto done =
                file.kind == TreeFile::Kind::Link ? writeLink(file, name) : writeFile(file, name);
            !done)
            return done;
        struct stat status {};
        if (::fstatat(folder_.number(), name.c_str(), &status, AT_SYMLINK_NOFOLLOW) != 0)
            return cannot("read", file.path);
        now_[file.path] = {contentOf(file), recordOf(status)};
        return {};
    }

    Result<void> writeLink(const TreeFile& file, const std::string& name) const {
        if (::symlinkat(file.target.c_str(), folder_.number(), name.c_str()) != 0)
            return cannot("write", file.path);
        return {};
    }

    Result<void> writeFile(const TreeFile& file, const std::string& name) const {
        const auto bytes = readBlob(objects_, file, largestFile);
        if (!bytes) return std::unexpected(bytes.error());
        const mode_t mode = file.kind == TreeFile::Kind::Executable ? 0700 : 0600;
        const Descriptor out(::openat(folder_.number(), name.c_str(),
                                      O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, mode));
        if (!out) return cannot("write", file.path);
        for (std::string_view left = *bytes; !left.empty();) {
            const auto count = ::write(out.number(), left.data(), left.size());
            if (count < 0 && errno != EINTR) return cannot("write", file.path);
            if (count > 0) left.remove_prefix(static_cast<std::size_t>(count));
        }
        return {};
    }

    // Opens a folder of the export as folder_, made when it is missing. Step by step, so that no
    // link is followed: openat2 would do it at once, but does not exist (ENOSYS) where systemd has
    // RestrictSUIDSGID=.
    Result<void> enter(const std::string& path) {
        if (folder_ && path == folderPath_) return {};
        folder_ = Descriptor(::openat(root_.number(), ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC));
        for (std::size_t from = 0; folder_ && path != "." && from <= path.size();) {
            const std::size_t slash = std::min(path.find('/', from), path.size());
            const std::string name = path.substr(from, slash - from);
            if (name.empty() || isDots(name.c_str())) {
                errno = EXDEV;
                return cannot("open", path);
            }
            if (::mkdirat(folder_.number(), name.c_str(), 0700) != 0 && errno != EEXIST)
                return cannot("make", path.substr(0, slash));
            folder_ = Descriptor(::openat(folder_.number(), name.c_str(),
                                          O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
            from = slash + 1;
        }
        folderPath_ = path;
        if (!folder_) return cannot("open", path);
        return {};
    }

    Descriptor root_;
    std::map<std::string, Written> before_;
    git_odb* objects_;
    std::span<const TreeFile* const> wanted_;
    std::map<std::string, Written> now_;
    Descriptor folder_;
    std::string folderPath_;
};

Result<Descriptor> openRoot(const std::filesystem::path& place) {
    std::error_code ignored;
    std::filesystem::create_directories(place, ignored);  // what follows says why it cannot be used
    if (::chmod(place.c_str(), 0700) != 0) return cannot("make", "its folder");
    const Descriptor outer(::open(place.c_str(), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
    if (!outer) return cannot("open", "its folder");
    struct stat status {};
    if (::fstatat(outer.number(), "src", &status, AT_SYMLINK_NOFOLLOW) == 0 &&
        !S_ISDIR(status.st_mode))
        if (auto done = removeAny(outer.number(), "src", "src"); !done)
            return std::unexpected(done.error());
    if (::mkdirat(outer.number(), "src", 0700) != 0 && errno != EEXIST)
        return cannot("make", "src");
    if (::fchmodat(outer.number(), "src", 0700, 0) != 0) return cannot("open", "src");
    Descriptor root(
        ::openat(outer.number(), "src", O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
    if (!root) return cannot("open", "src");
    return root;
}

}  // namespace

Result<void> writeExport(const std::filesystem::path& place, std::span<const TreeFile* const> files,
                         git_odb* objects) {
    auto root = openRoot(place);
    if (!root) return std::unexpected(root.error());
    auto written = ExportWriter(std::move(*root), readIndex(place / "index"), objects).run(files);
    if (!written) return std::unexpected(written.error());
    return saveIndex(place / "index", *written);
}

}  // namespace driftkeeper
