#pragma once

#include <sys/types.h>

#include <cstdint>

// What /proc says of processes (proc(5)). System calls only: all of it runs between fork and exec.
// `proc` is an open /proc, `pid` a name in it.
namespace driftkeeper::process_table {

pid_t number(const char* text) noexcept;  // 0: it is none

struct Entry {
    pid_t parent = 0;  // 0: it is gone
    std::uint64_t threads = 0;
    std::uint64_t memory = 0;  // bytes that are in no file: its own, and shared ones
};
Entry entryOf(int proc, const char* pid) noexcept;

struct Usage {
    std::uint64_t processes = 0;  // and threads
    std::uint64_t memory = 0;
};

// Of all below `self`: in a room that is everybody else. Stops counting above `most` processes.
enum class Seen { Room, Host };
Usage usageBelow(pid_t self, Seen seen, std::uint64_t most) noexcept;

}  // namespace driftkeeper::process_table
