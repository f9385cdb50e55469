#include "daemon/git/tree_folder.hpp"

#include <dirent.h>
#include <fcntl.h>
#include <fmt/format.h>
#include <linux/fs.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <cstring>
#include <fstream>
#include <iterator>
#include <map>
#include <memory>
#include <utility>

#include "daemon/git/remote_url.hpp"
#include "providers/process/remove_tree.hpp"

namespace driftkeeper {

namespace {

constexpr std::string_view indexTitle = "driftkeeper tree 2";
constexpr mode_t folderMode = 0755;

// How the file system records a file; a change of content or mode always changes it. A new hard
// link changes the time of the last change, so that does not count where nobody writes but we.
std::string recordOf(const struct stat& status, Writers writers) {
    std::string record = fmt::format("{} {:o} {} {}.{}", status.st_ino, status.st_mode,
                                     status.st_size, status.st_mtim.tv_sec, status.st_mtim.tv_nsec);
    if (writers == Writers::Tools)
        record += fmt::format(" {}.{}", status.st_ctim.tv_sec, status.st_ctim.tv_nsec);
    return record;
}

Result<void> saveIndex(const std::filesystem::path& file, const FolderIndex& index) {
    auto fresh = file;
    fresh += ".new";
    {
        std::ofstream out(fresh, std::ios::binary | std::ios::trunc);
        out << indexTitle << '\0';
        for (const auto& [path, written] : index)
            out << path << '\0' << written.content << '\0' << written.record << '\0' << written.size
                << '\0';
        if (!out.flush()) return cannotWrite("write", "index");
    }
    if (::rename(fresh.c_str(), file.c_str()) != 0) return cannotWrite("write", "index");
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
    return removeTree(fmt::format("/proc/self/fd/{}/{}", folder, name))
               ? Result<void>()
               : cannotWrite("remove", path);
}

// Opens a folder, made when it is missing.
Result<Descriptor> folderAt(int outer, const std::string& name, std::string_view path) {
    const bool isNew = ::mkdirat(outer, name.c_str(), folderMode) == 0;
    if (!isNew && errno != EEXIST) return cannotWrite("make", path);
    Descriptor folder(
        ::openat(outer, name.c_str(), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
    if (!folder.isOpen()) return cannotWrite("open", path);
    if (isNew && ::fchmod(folder.get(), folderMode) != 0) return cannotWrite("make", path);
    return folder;
}

class FolderWriter {
public:
    FolderWriter(Descriptor root, FolderIndex before, const PutFile& put, Writers writers)
        : root_(std::move(root)), before_(std::move(before)), put_(put), writers_(writers) {}

    Result<FolderIndex> run(std::span<const TreeFile* const> files) {
        wanted_ = files;
        if (auto done = clean(root_.get(), ""); !done) return std::unexpected(done.error());
        for (const auto* file : files) {
            if (now_.contains(file->path)) continue;
            if (auto done = write(*file); !done) return std::unexpected(done.error());
        }
        return std::move(now_);
    }

private:
    auto firstFrom(const std::string& path) const {
        return std::ranges::lower_bound(
            wanted_, path, {}, [](const TreeFile* f) -> const std::string& { return f->path; });
    }

    const TreeFile* wantedFile(const std::string& path) const {
        const auto it = firstFrom(path);
        return it != wanted_.end() && (*it)->path == path ? *it : nullptr;
    }

    bool isWantedFolder(const std::string& path) const {
        const std::string start = path + "/";
        const auto it = firstFrom(start);
        return it != wanted_.end() && (*it)->path.starts_with(start);
    }

    // Removes what is not wanted or not as it was written; notes what can stay.
    Result<void> clean(int folder, const std::string& prefix) {
        for (const auto& name : namesIn(folder)) {
            const std::string path = prefix + name;
            struct stat status {};
            if (::fstatat(folder, name.c_str(), &status, AT_SYMLINK_NOFOLLOW) != 0)
                return cannotWrite("read", path);
            if (S_ISDIR(status.st_mode) && isWantedFolder(path)) {
                if ((status.st_mode & 07777) != folderMode &&
                    ::fchmodat(folder, name.c_str(), folderMode, 0) != 0)
                    return cannotWrite("open", path);
                const Descriptor inner(::openat(folder, name.c_str(),
                                                O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
                if (!inner.isOpen()) return cannotWrite("open", path);
                if (auto done = clean(inner.get(), path + "/"); !done) return done;
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
            written->second.record != recordOf(status, writers_))
            return false;
        now_.insert(*written);
        return true;
    }

    Result<void> write(const TreeFile& file) {
        const auto slash = file.path.rfind('/');
        const std::string name =
            slash == std::string::npos ? file.path : file.path.substr(slash + 1);
        if (auto done = enter(folderOf(file.path)); !done) return done;
        const bool isLink = file.kind == TreeFile::Kind::Link;
        if (isLink && ::symlinkat(file.target.c_str(), folder_.get(), name.c_str()) != 0)
            return cannotWrite("write", file.path);
        if (!isLink)
            if (auto done = put_(file, folder_.get(), name); !done) return done;
        struct stat status {};
        if (::fstatat(folder_.get(), name.c_str(), &status, AT_SYMLINK_NOFOLLOW) != 0)
            return cannotWrite("read", file.path);
        now_[file.path] = {contentOf(file), recordOf(status, writers_),
                           static_cast<std::uint64_t>(status.st_size)};
        return {};
    }

    // Opens a folder of the tree as folder_, made when it is missing. Step by step, so that no link
    // is followed: openat2 would do it at once, but does not exist (ENOSYS) where systemd has
    // RestrictSUIDSGID=.
    Result<void> enter(const std::string& path) {
        if (folder_.isOpen() && path == folderPath_) return {};
        folder_ = Descriptor(::openat(root_.get(), ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC));
        for (std::size_t from = 0; folder_.isOpen() && path != "." && from <= path.size();) {
            const std::size_t slash = std::min(path.find('/', from), path.size());
            const std::string name = path.substr(from, slash - from);
            if (name.empty() || isDots(name.c_str())) {
                errno = EXDEV;
                return cannotWrite("open", path);
            }
            auto next = folderAt(folder_.get(), name, path.substr(0, slash));
            if (!next) return std::unexpected(next.error());
            folder_ = std::move(*next);
            from = slash + 1;
        }
        folderPath_ = path;
        if (!folder_.isOpen()) return cannotWrite("open", path);
        return {};
    }

    Descriptor root_;
    FolderIndex before_;
    const PutFile& put_;
    Writers writers_;
    std::span<const TreeFile* const> wanted_;
    FolderIndex now_;
    Descriptor folder_;
    std::string folderPath_;
};

Result<Descriptor> openRoot(const std::filesystem::path& place) {
    std::error_code ignored;
    std::filesystem::create_directories(place, ignored);  // what follows says why it cannot be used
    if (::chmod(place.c_str(), 0700) != 0) return cannotWrite("make", "its folder");
    const Descriptor outer(::open(place.c_str(), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
    if (!outer.isOpen()) return cannotWrite("open", "its folder");
    struct stat status {};
    if (::fstatat(outer.get(), "src", &status, AT_SYMLINK_NOFOLLOW) == 0) {
        if (!S_ISDIR(status.st_mode)) {
            if (auto done = removeAny(outer.get(), "src", "src"); !done)
                return std::unexpected(done.error());
        } else if (::fchmodat(outer.get(), "src", folderMode, 0) != 0) {
            return cannotWrite("open", "src");
        }
    }
    return folderAt(outer.get(), "src", "src");
}

}  // namespace

std::unexpected<Error> cannotWrite(std::string_view what, std::string_view path) {
    const int error = errno;
    if (error == ENOSPC || error == EDQUOT)
        return failure(Remedy::FixSetup, "git_disk_full",
                       "no space for the checkout of the repository");
    return failure(Remedy::FixSetup, "git_state",
                   fmt::format("the checkout cannot {} \"{}\": {}", what, scrubbed(path),
                               std::strerror(error)));
}

std::string contentOf(const TreeFile& file) {
    return fmt::format("{}{} {}", static_cast<char>(file.kind), file.id, file.form);
}

bool isAsWritten(int folder, const std::string& path, const Written& written, Writers writers) {
    struct stat status {};
    return ::fstatat(folder, path.c_str(), &status, AT_SYMLINK_NOFOLLOW) == 0 &&
           written.record == recordOf(status, writers);
}

// Fields end with NUL: the only byte that no path holds.
FolderIndex readIndex(const std::filesystem::path& place) {
    std::ifstream in(place / "index", std::ios::binary);
    std::string title, path, size;
    FolderIndex index;
    if (!std::getline(in, title, '\0') || title != indexTitle) return index;
    for (Written written; std::getline(in, path, '\0') && std::getline(in, written.content, '\0') &&
                          std::getline(in, written.record, '\0') && std::getline(in, size, '\0');) {
        std::from_chars(size.data(), size.data() + size.size(), written.size);
        index[path] = written;
    }
    return index;
}

Result<Descriptor> newFile(const TreeFile& file, int folder, const std::string& name) {
    const mode_t mode = file.kind == TreeFile::Kind::Executable ? 0755 : 0644;
    Descriptor out(
        ::openat(folder, name.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, mode));
    if (!out.isOpen() || ::fchmod(out.get(), mode) != 0) return cannotWrite("write", file.path);
    return out;
}

Result<void> writeBytes(const TreeFile& file, int folder, const std::string& name,
                        std::string_view bytes) {
    const auto out = newFile(file, folder, name);
    if (!out) return std::unexpected(out.error());
    while (!bytes.empty()) {
        const auto count = ::write(out->get(), bytes.data(), bytes.size());
        if (count < 0 && errno != EINTR) return cannotWrite("write", file.path);
        if (count > 0) bytes.remove_prefix(static_cast<std::size_t>(count));
    }
    return {};
}

Result<void> copyFile(const TreeFile& file, int from, int folder, const std::string& name) {
    const auto out = newFile(file, folder, name);
    if (!out) return std::unexpected(out.error());
    if (::ioctl(out->get(), FICLONE, from) == 0) return {};
    for (;;) {
        constexpr std::size_t piece = std::size_t{1} << 30U;
        const auto count = ::copy_file_range(from, nullptr, out->get(), nullptr, piece, 0);
        if (count == 0) return {};
        if (count < 0 && errno != EINTR) return cannotWrite("write", file.path);
    }
}

Result<FolderIndex> writeTree(const std::filesystem::path& place,
                              std::span<const TreeFile* const> files, const PutFile& put,
                              Writers writers) {
    auto root = openRoot(place);
    if (!root) return std::unexpected(root.error());
    auto written = FolderWriter(std::move(*root), readIndex(place), put, writers).run(files);
    if (!written) return written;
    if (auto saved = saveIndex(place / "index", *written); !saved)
        return std::unexpected(saved.error());
    return written;
}

}  // namespace driftkeeper
