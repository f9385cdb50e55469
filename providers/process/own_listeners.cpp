#include "providers/process/own_listeners.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <span>

#include "providers/process/descriptor.hpp"
#include "providers/process/folder_entries.hpp"

namespace driftkeeper {
namespace {

using Inode = unsigned long;

struct Inodes {
    Inode values[16];
    std::size_t count = 0;
    bool isWhole = true;  // false: there were more, or they could not be read
};

// proc(5), /proc/net/tcp: "  sl  local_address rem_address   st …", the inode is the tenth word.
void addListener(char* line, std::uint16_t port, Inodes& inodes) noexcept {
    constexpr std::size_t local = 1, state = 3, inode = 9;
    const char* words[inode + 1] = {};
    char* rest = line;
    for (const char*& word : words) word = ::strtok_r(rest, " ", &rest);
    if (words[inode] == nullptr) return;
    const char* colon = std::strchr(words[local], ':');
    const bool listens = std::strcmp(words[state], "0A") == 0;
    if (!listens || colon == nullptr || std::strtoul(colon + 1, nullptr, 16) != port) return;
    if (inodes.count == std::size(inodes.values)) {
        inodes.isWhole = false;
        return;
    }
    inodes.values[inodes.count++] = std::strtoul(words[inode], nullptr, 10);
}

void addListeners(const char* table, std::uint16_t port, Inodes& inodes) noexcept {
    const Descriptor file(::open(table, O_RDONLY | O_CLOEXEC));
    if (!file.isOpen()) {
        inodes.isWhole = false;
        return;
    }
    char text[8192];
    std::size_t kept = 0;
    for (ssize_t size = 0; (size = ::read(file.get(), text + kept, sizeof text - 1 - kept)) > 0;) {
        const std::size_t end = kept + static_cast<std::size_t>(size);
        text[end] = '\0';
        char* line = text;
        while (char* next = std::strchr(line, '\n')) {
            *next = '\0';
            addListener(line, port, inodes);
            line = next + 1;
        }
        kept = static_cast<std::size_t>(text + end - line);
        std::memmove(text, line, kept);
    }
}

// Takes the sockets of one process out.
void takeOut(int proc, const char* pid, Inodes& inodes) noexcept {
    char path[32] = {};
    std::strncpy(path, pid, 16);
    std::strcat(path, "/fd");
    const Descriptor folder(::openat(proc, path, O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (!folder.isOpen()) return;
    forEachEntry(folder.get(), [&](const char* name) {
        char target[64] = {};
        constexpr const char* prefix = "socket:[";
        if (::readlinkat(folder.get(), name, target, sizeof target - 1) > 0 &&
            std::strncmp(target, prefix, std::strlen(prefix)) == 0) {
            const Inode inode = std::strtoul(target + std::strlen(prefix), nullptr, 10);
            Inode* end = std::remove(inodes.values, inodes.values + inodes.count, inode);
            inodes.count = static_cast<std::size_t>(end - inodes.values);
        }
        return inodes.count > 0;
    });
}

}  // namespace

bool isOwnPort(std::uint16_t port) noexcept {
    Inodes inodes;
    addListeners("/proc/self/net/tcp", port, inodes);
    addListeners("/proc/self/net/tcp6", port, inodes);
    if (inodes.count == 0 || !inodes.isWhole) return false;
    const Descriptor proc(::open("/proc", O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (!proc.isOpen()) return false;
    forEachEntry(proc.get(), [&](const char* name) {
        if (*name >= '1' && *name <= '9') takeOut(proc.get(), name, inodes);
        return inodes.count > 0;
    });
    return inodes.count == 0;
}

}  // namespace driftkeeper
