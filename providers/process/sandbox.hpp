#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace driftkeeper {

// What a tool may touch. In a room (SandboxMode::Strict) nothing else exists but the system's
// programs and libraries and, read-only, the folders of SandboxPolicy::readable; elsewhere Landlock
// lets it read and execute all that is not hidden. `readable` and `writable` win over `hidden`
// where they are as deep or deeper, `writable` over `readable`; nothing outside `writable` (and
// /dev/null and the like) can be written. Paths that do not exist are skipped.
struct Sandbox {
    std::vector<std::filesystem::path> hidden;
    std::vector<std::filesystem::path> readable;
    std::vector<std::filesystem::path> writable;

    // A folder that many tools share, seen at one path. What a tool writes there goes to `scratch`,
    // a folder of the host that keeps it for the next call (below scratch/upper; scratch/work is
    // the kernel's). Without `scratch` it can only be read. `at` exists on the host, or lies where
    // the room has nothing else (below what is hidden, say). Needs a room: see sandboxCanOverlay().
    struct Tree {
        std::filesystem::path checkout;
        std::filesystem::path at;
        std::filesystem::path scratch;
    };
    std::optional<Tree> tree;

    // An operator's own program: no walls at all, only gone with everything it started.
    bool open = false;
};

enum class SandboxMode {
    Strict,    // namespaces and a file system of its own, then Landlock
    Landlock,  // the host's file system and processes, confined by Landlock alone
    Off,       // nothing: for kernels and people that want neither
};

// How all tools of a runner are confined.
struct SandboxPolicy {
    SandboxMode mode = SandboxMode::Strict;
    // What every room shows besides the system's own folders, read-only. nullopt: the folders at
    // the top of the file system but /etc, /run and what the kernel and the boot have there.
    std::optional<std::vector<std::filesystem::path>> readable;
};

// Empty: this kernel gives rooms to this user. Else what it refuses. Tried once.
const std::string& sandboxRefusal();

// What is held where no more is asked for: rooms if the kernel gives them, else Landlock, else
// nothing.
SandboxMode strongestSandbox();

// What a mode leaves open on this kernel: sentences for people; none when it holds all that it is
// for.
std::vector<std::string> sandboxGaps(SandboxMode mode);

std::string_view name(SandboxMode mode) noexcept;  // strict, landlock, off

// Whether a room can show a folder of this file system with what a tool writes laid over it
// (Sandbox::Tree): tried in `folder`, which must exist and be writable. Some milliseconds.
bool sandboxCanOverlay(const std::filesystem::path& folder);

}  // namespace driftkeeper
