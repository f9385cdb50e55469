#pragma once

#include <cstdint>
#include <filesystem>

namespace driftkeeper {

// Bytes that a folder uses on the disk, with all below it; 0 where there is none. Somebody may
// change it meanwhile: no link is followed, folders that are closed are opened, and what is moved
// away while we are in it is left out. One descriptor at any depth.
std::uint64_t bytesBelow(const std::filesystem::path& folder);

}  // namespace driftkeeper
