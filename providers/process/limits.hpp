#pragma once

#include <cstdint>
#include <string_view>

namespace driftkeeper {

// What one call may use of the host, with everything that it starts. 0: as much as there is.
struct Limits {
    std::uint64_t memory = 0;  // bytes: its own, shared ones, and what it puts into a room's /tmp
    std::uint64_t processes = 0;  // and threads
    std::uint64_t disk = 0;       // bytes in Sandbox::measured, and of what lies over its tree
    std::uint64_t output = 0;     // bytes of stdout
    bool operator==(const Limits&) const = default;
};

enum class Limit : std::uint8_t { None, Memory, Processes, Disk, Output };

// A limit that a call went over, and was ended for.
struct Overuse {
    Limit limit = Limit::None;
    std::uint64_t used = 0;
    std::uint64_t allowed = 0;
};

// The key of the settings: memory, processes, disk, output.
std::string_view name(Limit limit) noexcept;

}  // namespace driftkeeper
