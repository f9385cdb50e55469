#pragma once

#include <linux/filter.h>

#include <vector>

// The system calls that no tool needs (seccomp(2), by libseccomp): other namespaces, mounts, other
// processes' memory and limits, keyrings, io_uring, set-user-ID files and the like. What is refused
// answers EPERM, as if the caller had no right; what has an older sister answers ENOSYS.
namespace driftkeeper::tool_filter {

enum class Where {
    Room,  // other processes and files are held by namespaces
    Host,  // beside that: truncate(2), which Landlock knows only since ABI 3
};

enum class Peers {
    AsHost,
    Judged,  // calls that name one go to the listener (network_guard.hpp)
};

// Made once; empty when this library does not know the machine.
const std::vector<sock_filter>& filter(Where where, Peers peers);

// For the calling process and what it starts, for ever; it must have no_new_privs. Safe between
// fork and exec.
bool install(const std::vector<sock_filter>& filter) noexcept;

}  // namespace driftkeeper::tool_filter
