#pragma once

#include <array>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace driftkeeper {

// Which peers a tool reaches. Closed are this host's loopback, link-local addresses and those where
// clouds hand out credentials, multicast, abstract Unix sockets, and those by path that the sandbox
// neither lets the tool write nor names; all else is open.
struct Network {
    using Bytes = std::array<std::uint8_t, 16>;  // of IPv4 ::ffff:a.b.c.d
    struct Peer {
        Bytes address{};
        std::uint16_t port = 0;  // 0: all
        bool operator==(const Peer&) const = default;
    };
    // A host by name: `name` may hold * (any characters), port 0 is every one.
    struct Host {
        std::string name;
        std::uint16_t port = 0;
        bool operator==(const Host&) const = default;
    };
    // Not empty: nothing is open but these, through a proxy (egress_proxy.hpp), and what `allowed`,
    // `named` and `metadata` say.
    std::vector<Host> hosts;
    std::vector<Peer> allowed;         // of what is closed
    std::vector<Peer> named;           // the same, but for the ports of `doors`
    std::vector<std::uint16_t> doors;  // the daemon's own, on loopback and
    std::vector<Bytes> own;            // at these addresses of the host
    bool metadata = false;             // link-local addresses and credentials of clouds are open
    // Told of each host that a tool asked for by name and `hosts` lacks, on any thread.
    std::function<void(const std::string& host, std::uint16_t port)> refused;
};

// What a tool may touch. In a room (SandboxMode::Strict) nothing else exists but the system's
// programs and libraries and, read-only, the folders of SandboxPolicy::readable; elsewhere Landlock
// lets it read and execute all that is not hidden. `readable` and `writable` win over `hidden`
// where they are as deep or deeper, `writable` over `readable`; nothing outside `writable` (and
// /dev/null and the like) can be written. Paths that do not exist are skipped.
struct Sandbox {
    std::vector<std::filesystem::path> hidden;
    std::vector<std::filesystem::path> readable;
    std::vector<std::filesystem::path> writable;
    std::vector<std::filesystem::path> measured;  // of these: what counts for Limits::disk

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

    std::optional<Network> network;  // none: as the host

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

// Empty: the peers of a tool can be judged here (Sandbox::network). Else what refuses it. Tried
// once.
const std::string& networkRefusal();

// What is held where no more is asked for: rooms if the kernel gives them, else Landlock, else
// nothing.
SandboxMode strongestSandbox();

// What a mode leaves open on this kernel: sentences for people; none when it holds all that it is
// for.
std::vector<std::string> sandboxGaps(SandboxMode mode);

std::string_view name(SandboxMode mode) noexcept;  // strict, landlock, off

// Whether a room can show a folder of this file system with what a tool writes laid over it
// (Sandbox::Tree): tried in `folder`, which must exist and be writable, and with `tree`, when there
// is one, as the lower side. Some milliseconds.
bool sandboxCanOverlay(const std::filesystem::path& folder, const std::filesystem::path& tree = {});

}  // namespace driftkeeper
