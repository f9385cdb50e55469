#include "providers/process/tree_size.hpp"

#include <dirent.h>
#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <string>
#include <string_view>
#include <vector>

#include "providers/process/descriptor.hpp"
#include "providers/process/folder_entries.hpp"

namespace driftkeeper {
namespace {

struct Level {
    dev_t device;
    ino_t inode;
    std::vector<std::string> folders;  // that were not looked at yet
};

// A link that is put in its place meanwhile is not what is made open.
Descriptor openFolder(int parent, const char* name) {
    Descriptor folder(::openat(parent, name, folderFlags));
    if (folder.isOpen() || errno != EACCES) return folder;
    const Descriptor closed(::openat(parent, name, O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
    if (closed.isOpen()) (void)::chmod(fmt::format("/proc/self/fd/{}", closed.get()).c_str(), 0700);
    return Descriptor(::openat(parent, name, folderFlags));
}

// Adds what lies in an open folder, and notes which folders do.
Level enter(const Descriptor& folder, std::uint64_t& bytes) {
    struct stat about {};
    if (::fstat(folder.get(), &about) != 0) return {};
    Level level{about.st_dev, about.st_ino, {}};
    const int own = ::openat(folder.get(), ".", folderFlags);
    DIR* list = own < 0 ? nullptr : ::fdopendir(own);
    if (list == nullptr) {
        if (own >= 0) ::close(own);
        return level;
    }
    while (const dirent* entry = ::readdir(list)) {
        const std::string_view name = entry->d_name;
        if (name == "." || name == ".." ||
            ::fstatat(own, entry->d_name, &about, AT_SYMLINK_NOFOLLOW) != 0)
            continue;
        bytes += static_cast<std::uint64_t>(about.st_blocks) * 512;
        if (S_ISDIR(about.st_mode)) level.folders.emplace_back(name);
    }
    ::closedir(list);
    return level;
}

}  // namespace

std::uint64_t bytesBelow(const std::filesystem::path& folder) {
    std::uint64_t bytes = 0;
    Descriptor at = openFolder(AT_FDCWD, folder.c_str());
    if (!at.isOpen()) return 0;
    std::vector<Level> levels;
    levels.push_back(enter(at, bytes));
    while (!levels.empty()) {
        if (levels.back().folders.empty()) {
            levels.pop_back();
            if (levels.empty()) break;
            at = Descriptor(::openat(at.get(), "..", folderFlags));
            struct stat about {};
            if (!at.isOpen() || ::fstat(at.get(), &about) != 0 ||
                about.st_dev != levels.back().device || about.st_ino != levels.back().inode)
                break;
            continue;
        }
        const std::string name = std::move(levels.back().folders.back());
        levels.back().folders.pop_back();
        Descriptor inner = openFolder(at.get(), name.c_str());
        if (!inner.isOpen()) continue;
        at = std::move(inner);
        levels.push_back(enter(at, bytes));
    }
    return bytes;
}

}  // namespace driftkeeper
