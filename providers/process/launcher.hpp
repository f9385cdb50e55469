#pragma once

#include <sys/types.h>

#include <chrono>
#include <expected>
#include <string>
#include <vector>

// Starts programs by Boost.Process' initializers, but not by its default launcher: that one calls
// Asio's notify_fork in the forked child, which allocates, and an allocator whose lock another
// thread held at the fork waits there for ever (glibc mends its own locks, a sanitizer's allocator
// does not). It also waits for exec without an end.
namespace driftkeeper::launcher {

struct Start {
    std::string program;                   // a path
    std::vector<std::string> arguments;    // without argv[0]: that is `program`
    std::vector<std::string> environment;  // the whole of it, NAME=value
    std::string directory;
    int in = -1, out = -1, err = -1;  // descriptors; borrowed
    int control = -1;                 // the supervisor's end of its socket; borrowed
    int ruleset = -1;                 // Landlock's; -1: none
};

// What the supervisor's process id is when the program itself runs, or an errno. ETIMEDOUT: it did
// not begin within `limit` (a file system that hangs, say), and was killed. Thread-safe; the caller
// reaps the supervisor.
std::expected<pid_t, int> launch(const Start& start, std::chrono::milliseconds limit);

}  // namespace driftkeeper::launcher
