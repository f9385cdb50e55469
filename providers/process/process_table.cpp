#include "providers/process/process_table.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <cstddef>
#include <cstring>

#include "providers/process/descriptor.hpp"
#include "providers/process/folder_entries.hpp"

namespace driftkeeper::process_table {
namespace {

// The number after a key of /proc/PID/status. Names in it are escaped: no line break is theirs.
std::uint64_t valueOf(const char* text, const char* key) noexcept {
    const char* at = std::strstr(text, key);
    if (at == nullptr) return 0;
    at += std::strlen(key);
    while (*at == ' ' || *at == '\t') ++at;
    std::uint64_t value = 0;
    for (; *at >= '0' && *at <= '9'; ++at) value = value * 10 + static_cast<unsigned>(*at - '0');
    return value;
}

void write(char* to, pid_t pid) noexcept {
    char digits[16];
    std::size_t size = 0;
    for (; pid > 0; pid /= 10) digits[size++] = static_cast<char>('0' + pid % 10);
    while (size > 0) *to++ = digits[--size];
    *to = '\0';
}

bool isBelow(int proc, pid_t parent, pid_t self) noexcept {
    for (int levels = 0; parent > 1 && levels < 64; ++levels) {
        if (parent == self) return true;
        char name[16];
        write(name, parent);
        parent = entryOf(proc, name).parent;
    }
    return parent == self;
}

std::uint64_t countAll(int proc) noexcept {
    std::uint64_t count = 0;
    forEachEntry(proc, [&](const char* name) {
        count += number(name) > 1 ? 1 : 0;
        return true;
    });
    ::lseek(proc, 0, SEEK_SET);
    return count;
}

}  // namespace

pid_t number(const char* text) noexcept {
    pid_t value = 0;
    if (*text == '\0') return 0;
    for (; *text >= '0' && *text <= '9'; ++text) value = value * 10 + (*text - '0');
    return *text == '\0' ? value : 0;
}

Entry entryOf(int proc, const char* pid) noexcept {
    char path[32] = {};
    std::size_t at = 0;
    for (; pid[at] != '\0' && at < 16; ++at) path[at] = pid[at];
    std::memcpy(path + at, "/status", sizeof "/status");
    const Descriptor file(::openat(proc, path, O_RDONLY | O_CLOEXEC));
    if (!file.isOpen()) return {};
    char text[2048] = {};
    if (::read(file.get(), text, sizeof text - 1) <= 0) return {};
    return {static_cast<pid_t>(valueOf(text, "\nPPid:")), valueOf(text, "\nThreads:"),
            (valueOf(text, "\nRssAnon:") + valueOf(text, "\nRssShmem:")) * 1024};
}

Usage usageBelow(pid_t self, Seen seen, std::uint64_t most) noexcept {
    Usage usage;
    const Descriptor proc(::open("/proc", O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (!proc.isOpen()) return usage;
    // A crowd in a room is seen without asking each of it: then there is little time for us.
    if (seen == Seen::Room)
        if (const auto all = countAll(proc.get()); most > 0 && all > most) return {all, 0};
    forEachEntry(proc.get(), [&](const char* name) {
        const pid_t pid = number(name);
        if (pid <= 1 || pid == self) return true;
        const Entry entry = entryOf(proc.get(), name);
        if (seen == Seen::Host && !isBelow(proc.get(), entry.parent, self)) return true;
        usage.processes += entry.threads;
        usage.memory += entry.memory;
        return most == 0 || usage.processes <= most;
    });
    return usage;
}

}  // namespace driftkeeper::process_table
