#pragma once

#include <linux/filter.h>
#include <sys/types.h>

#include <chrono>
#include <expected>
#include <string>
#include <vector>

#include "providers/process/limits.hpp"
#include "providers/process/network_guard.hpp"
#include "providers/process/room.hpp"

// Starts programs. Everything that needs memory is made before the fork: a lock of the allocator
// that another thread held at the fork is held for ever in the child.
namespace driftkeeper::launcher {

struct Start {
    std::string program;                   // a path
    std::vector<std::string> arguments;    // without argv[0]: that is `program`
    std::vector<std::string> environment;  // the whole of it, NAME=value
    std::string directory;
    int in = -1, out = -1, err = -1;   // descriptors; borrowed
    int control = -1;                  // the supervisor's end of its socket; borrowed
    const room::Plan* room = nullptr;  // borrowed; none: it runs on the host
    int ruleset = -1;                  // Landlock's, for a program on the host; -1: none
    const std::vector<sock_filter>* filter = nullptr;  // of system calls; borrowed
    const network_guard::Rules* network = nullptr;     // which peers; borrowed
    Limits limits = {};                                // that the supervisor holds
    int group = -1;  // the door of a control group; borrowed; -1: that of the caller
};

struct Failure {
    int error = 0;          // an errno
    bool isOfRoom = false;  // the room could not be built …
    int step = -1;          // … at this step of its plan
};

// What the supervisor's process id is when the program itself runs. ETIMEDOUT: it did not begin
// within `limit` (a file system that hangs, say), and was killed. Thread-safe; the caller reaps the
// supervisor.
std::expected<pid_t, Failure> launch(const Start& start, std::chrono::milliseconds limit);

}  // namespace driftkeeper::launcher
