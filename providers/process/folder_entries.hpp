#pragma once

#include <fcntl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cstddef>
#include <cstdint>

namespace driftkeeper {

// How a folder is opened that somebody else may exchange for a link.
inline constexpr int folderFlags = O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC;

// Calls `visit(name)` for what is in an open folder until it returns false. System calls only:
// readdir() of glibc allocates.
template <typename Visit>
void forEachEntry(int folder, const Visit& visit) noexcept {
    struct Entry {  // linux_dirent64
        std::uint64_t inode;
        std::int64_t offset;
        unsigned short length;
        unsigned char type;
        char name[1];
    };
    alignas(Entry) char buffer[4096];
    long size = 0;
    while ((size = ::syscall(SYS_getdents64, folder, buffer, sizeof buffer)) > 0) {
        for (long at = 0; at < size;) {
            const auto* entry = reinterpret_cast<const Entry*>(buffer + at);
            if (!visit(static_cast<const char*>(buffer + at + offsetof(Entry, name)))) return;
            at += entry->length;
        }
    }
}

}  // namespace driftkeeper
