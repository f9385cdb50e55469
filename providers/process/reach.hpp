#pragma once

#include <sys/socket.h>

#include <cstdint>

#include "providers/process/sandbox.hpp"

namespace driftkeeper {

// Whether a tool reaches an address, by its family: AF_INET, AF_INET6, or AF_UNSPEC, which ends a
// connection. False for all others. System calls only.
bool mayReach(const Network& network, const sockaddr* peer, socklen_t size) noexcept;

// Whether it is a port of this host's loopback: that one, else 0.
std::uint16_t loopbackPort(const sockaddr* peer, socklen_t size) noexcept;

}  // namespace driftkeeper
