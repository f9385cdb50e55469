#pragma once

#include <linux/filter.h>
#include <sys/socket.h>
#include <sys/types.h>

#include <string>
#include <vector>

#include "providers/process/descriptor.hpp"
#include "providers/process/sandbox.hpp"

// Which peers a tool reaches. A filter of system calls (tool_filter.hpp) hands every call that
// names one to the supervisor, which reads the name, judges it, and makes the call itself with what
// it read, on the tool's own socket: what the tool writes over the name meanwhile changes nothing
// (seccomp_unotify(2), pidfd_getfd(2)).
namespace driftkeeper::network_guard {

// Made before the fork.
struct Rules {
    Network network;
    // Unix sockets that are reached: paths as the tool sees them, without links in them. A folder
    // ends in /.
    std::vector<std::string> sockets;
    bool inRoom = false;  // all processes that are to be seen are the tool's
};

// From here on: between fork and exec, system calls only.

// In the tool's process: installs the filter and waits until the supervisor has its listener.
// False, and errno.
bool submit(const std::vector<sock_filter>& filter, int supervisor) noexcept;

// In the supervisor: the listener of the tool's process. Not open, and errno.
Descriptor accept(int tool, pid_t process) noexcept;

// Answers one call that waits at the listener. What would wait for its peer goes on in a child.
void answer(int listener, const Rules& rules) noexcept;

}  // namespace driftkeeper::network_guard
