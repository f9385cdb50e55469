#pragma once

#include <sys/socket.h>

#include <cstdint>
#include <optional>
#include <string>

#include "providers/process/sandbox.hpp"

namespace driftkeeper {

// Whether a tool reaches an address, by its family: AF_INET, AF_INET6, or AF_UNSPEC, which ends a
// connection. False for all others. System calls only.
bool mayReach(const Network& network, const sockaddr* peer, socklen_t size) noexcept;
bool mayReach(const Network& network, const Network::Peer& peer) noexcept;

// An address as it is compared: what IPv6 says of an IPv4 one is that one. nullopt: of another
// family, or cut short.
std::optional<Network::Peer> peerOf(const sockaddr* peer, socklen_t size) noexcept;

// What of Network::hosts lets a tool reach a name, lower case; null: nothing does.
const Network::Host* hostThatAllows(const Network& network, const std::string& name,
                                    std::uint16_t port);

// Whether programs need a host's addresses, too: those that speak to its port take no proxy.
bool isReachedDirectly(const Network::Host& host);

// Whether it is a port of this host's loopback: that one, else 0.
std::uint16_t loopbackPort(const sockaddr* peer, socklen_t size) noexcept;

}  // namespace driftkeeper
