#pragma once

#include <cstdint>

namespace driftkeeper {

// Whether all that listens at a TCP port of this host are processes of this room, and somebody
// does. For its process 1; system calls only.
bool isOwnPort(std::uint16_t port) noexcept;

}  // namespace driftkeeper
