#pragma once

#include <sys/types.h>

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "providers/process/sandbox.hpp"

// The room of a tool: namespaces of its own (user, mount, PID, IPC, UTS), made without privileges,
// and a file system that holds what it is given and nothing else (user_namespaces(7),
// mount_namespaces(7), Documentation/filesystems/overlayfs.rst of Linux).
namespace driftkeeper::room {

// One thing to do while the room is built.
struct Step {
    enum class Kind : std::uint8_t {
        Folder,        // one that stands in nothing of the host
        Passage,       // the same, within a hidden one: it leads on, and nobody can list it
        File,          // as Folder
        Link,          // `from` is its text
        ReadOnly,      // `from` of the host, with all that is mounted below it
        Writable,      // the same
        Device,        // the same, for files of /dev
        HiddenFolder,  // in it is what has to be, and nobody can list it
        HiddenFile,    // nobody can read it
        Temporary,     // in memory, and gone with the room
        Processes,     // /proc
        Overlay,       // `from` of the host; what is written goes to `scratch` of the host
    };
    Kind kind;
    std::string from;
    std::string at;
    std::string scratch;
};

// Everything that is needed between fork and exec, made before.
struct Plan {
    std::vector<Step> steps;            // in this order
    std::vector<std::string> writable;  // paths inside
    std::string userMap, groupMap;      // the caller's own, nothing else
    std::string temporary = "512m";     // how large each of what is in memory may become
};

// What a sandbox means on this host now. `programs`: what must be there to be run: files,
// with the folders that they lie in, or folders (with / at the end).
Plan planOf(const Sandbox& sandbox, const SandboxPolicy& policy,
            const std::vector<std::filesystem::path>& programs);

// Whether a file of the host is there to be read, under its own name.
bool shows(const Plan& plan, const std::filesystem::path& file);

// fork() into new namespaces: 0 in the child, which is process 1 of its own. -1 and errno.
pid_t fork() noexcept;

struct Failure {
    int error = 0;  // 0: all went well
    int step = -1;  // of plan.steps; -1: before or after them
};

// In the child: who it is, and the file system. System calls only.
Failure build(const Plan& plan) noexcept;

// "mount /usr", for a message.
std::string describe(const Plan& plan, int step);

}  // namespace driftkeeper::room
