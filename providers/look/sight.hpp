#pragma once

#include <filesystem>
#include <optional>
#include <set>
#include <string>

#include "providers/process/sandbox.hpp"

namespace driftkeeper {

// How tools see the source tree: at the host's own paths, or laid out in their room at another
// place with what they write laid over it. Everybody names files by the paths that tools see; who
// reads or writes one in the daemon asks here where the host has it. No tool may run meanwhile.
struct Sight {
    std::optional<Sandbox::Tree> tree;  // nullopt: the host's own paths

    // Whether a path lies in the tree.
    [[nodiscard]] bool holds(const std::filesystem::path& seen) const;

    // The file or folder that tools see at a path: what was written over it, else the checkout's.
    // Of a folder of both kinds the checkout's part. What a tool has put there is found by no link
    // on the way: then the answer is a path that does not exist.
    [[nodiscard]] std::filesystem::path onHost(const std::filesystem::path& seen) const;

    // The names in a folder, of both kinds; none when it is no folder.
    [[nodiscard]] std::set<std::string> namesIn(const std::filesystem::path& seen) const;

    // Where to write a file so that tools see it at a path. Its folder is made, and what a tool has
    // put in its way is removed.
    [[nodiscard]] std::filesystem::path toWrite(const std::filesystem::path& seen) const;
};

}  // namespace driftkeeper
