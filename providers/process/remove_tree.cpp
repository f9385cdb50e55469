#include "providers/process/remove_tree.hpp"

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

// The names in an open folder, without . and ..
std::vector<std::string> namesIn(const Descriptor& folder) {
    std::vector<std::string> names;
    const int own = ::openat(folder.get(), ".", folderFlags);
    if (own < 0) return names;
    DIR* list = ::fdopendir(own);
    if (list == nullptr) {
        ::close(own);
        return names;
    }
    while (const dirent* entry = ::readdir(list)) {
        const std::string_view name = entry->d_name;
        if (name != "." && name != "..") names.emplace_back(name);
    }
    ::closedir(list);
    return names;
}

// An open folder that we may read and change; closed when it is none.
Descriptor openFolder(const Descriptor& parent, const char* name) {
    const Descriptor there(
        ::openat(parent.get(), name, O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
    if (!there.isOpen()) return {};
    Descriptor folder(::openat(parent.get(), name, folderFlags));
    if (folder.isOpen() && ::fchmod(folder.get(), 0700) == 0) return folder;
    (void)::fchmodat(parent.get(), name, 0700, 0);
    return Descriptor(::openat(parent.get(), name, folderFlags));
}

// Empties a folder of folders level by level: what lies deeper is lifted to the top, so that it
// takes the same three descriptors at any depth.
void emptyOut(const Descriptor& top) {
    std::size_t lifted = 0;
    for (auto names = namesIn(top); !names.empty(); names = namesIn(top)) {
        std::size_t gone = 0;
        for (const std::string& name : names) {
            if (::unlinkat(top.get(), name.c_str(), 0) == 0 && ++gone > 0) continue;
            const Descriptor folder = openFolder(top, name.c_str());
            for (const std::string& inner : namesIn(folder)) {
                if (::unlinkat(folder.get(), inner.c_str(), 0) == 0) continue;
                const Descriptor deeper = openFolder(folder, inner.c_str());
                while (::renameat(folder.get(), inner.c_str(), top.get(),
                                  fmt::format(".lifted-{}", lifted).c_str()) != 0 &&
                       (errno == EEXIST || errno == ENOTEMPTY || errno == ENOTDIR))
                    ++lifted;
                ++lifted;
            }
            if (::unlinkat(top.get(), name.c_str(), AT_REMOVEDIR) == 0) ++gone;
        }
        if (gone == 0) return;  // somebody else's, or the disk's fault
    }
}

}  // namespace

bool removeTree(const std::filesystem::path& path) {
    const std::filesystem::path whole = (path / "").parent_path();  // without a / at the end
    const Descriptor parent(::open(whole.parent_path().c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC));
    if (!parent.isOpen()) return true;
    const std::string name = whole.filename().string();
    if (::unlinkat(parent.get(), name.c_str(), 0) == 0 || errno == ENOENT) return true;
    const Descriptor top = openFolder(parent, name.c_str());
    if (top.isOpen()) emptyOut(top);
    return ::unlinkat(parent.get(), name.c_str(), AT_REMOVEDIR) == 0;
}

}  // namespace driftkeeper
