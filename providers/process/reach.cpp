#include "providers/process/reach.hpp"

#include <fnmatch.h>
#include <netinet/in.h>

#include <algorithm>
#include <cstring>
#include <optional>
#include <span>

namespace driftkeeper {
namespace {

// Addresses are compared as 16 bytes, of IPv4 as ::ffff:a.b.c.d.
struct Range {
    Network::Bytes first;
    unsigned bits;
};
constexpr Network::Bytes v4(std::uint8_t a, std::uint8_t b, std::uint8_t c, std::uint8_t d) {
    return {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff, a, b, c, d};
}
constexpr Network::Bytes v6(std::uint8_t a, std::uint8_t b, std::uint8_t c = 0, std::uint8_t d = 0,
                            std::uint8_t y = 0, std::uint8_t z = 0) {
    return {a, b, c, d, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, y, z};
}
constexpr Range loopback[] = {
    {v4(0, 0, 0, 0), 104}, {v4(127, 0, 0, 0), 104}, {v6(0, 0), 127}  // :: and ::1
};
// Multicast and broadcast: this host is among them.
constexpr Range everybody[] = {
    {v4(224, 0, 0, 0), 100}, {v4(255, 255, 255, 255), 128}, {v6(0xff, 0), 8}};
// Link-local, and where clouds hand out credentials beside it: AWS, Alibaba, Oracle, Azure, Google.
constexpr Range metadata[] = {
    {v4(169, 254, 0, 0), 112},
    {v6(0xfe, 0x80), 10},
    {v4(100, 100, 100, 200), 128},
    {v4(192, 0, 0, 192), 128},
    {v4(168, 63, 129, 16), 128},
    {v6(0xfd, 0x00, 0x0e, 0xc2, 0x02, 0x54), 128},
    {v6(0xfd, 0x00, 0x0e, 0xc2, 0x00, 0x23), 128},
    {v6(0xfd, 0x20, 0x00, 0xce, 0x02, 0x54), 128},
};

bool holds(const Range& range, const Network::Bytes& address) noexcept {
    for (unsigned bit = 0; bit < range.bits; bit += 8) {
        const unsigned left = std::min(8U, range.bits - bit);
        const auto mask = static_cast<std::uint8_t>(0xff << (8 - left));
        if (((range.first[bit / 8] ^ address[bit / 8]) & mask) != 0) return false;
    }
    return true;
}

bool isAmong(std::span<const Range> ranges, const Network::Bytes& address) noexcept {
    return std::ranges::any_of(ranges, [&](const Range& one) { return holds(one, address); });
}

// Of what an IPv6 address stands for an IPv4 one: mapped, compatible, NAT64 (RFC 6052).
Network::Bytes plain(Network::Bytes address) noexcept {
    constexpr Range translated[] = {{v6(0x00, 0x64, 0xff, 0x9b), 96}, {v6(0, 0), 96}};
    const bool isSmall = holds({v6(0, 0), 112}, address);
    if (!isSmall && isAmong(translated, address)) {
        const Network::Bytes prefix = v4(0, 0, 0, 0);
        std::copy_n(prefix.begin(), 12, address.begin());
    }
    return address;
}

}  // namespace

std::optional<Network::Peer> peerOf(const sockaddr* peer, socklen_t size) noexcept {
    Network::Peer result{v4(0, 0, 0, 0), 0};
    if (peer->sa_family == AF_INET && size >= sizeof(sockaddr_in)) {
        sockaddr_in in{};
        std::memcpy(&in, peer, sizeof in);
        std::memcpy(result.address.data() + 12, &in.sin_addr, 4);
        result.port = ntohs(in.sin_port);
        return result;
    }
    if (peer->sa_family == AF_INET6 && size >= offsetof(sockaddr_in6, sin6_scope_id)) {
        sockaddr_in6 in{};
        std::memcpy(&in, peer, std::min<std::size_t>(size, sizeof in));
        std::memcpy(result.address.data(), &in.sin6_addr, 16);
        return Network::Peer{plain(result.address), ntohs(in.sin6_port)};
    }
    return std::nullopt;
}

bool mayReach(const Network& network, const sockaddr* peer, socklen_t size) noexcept {
    if (peer->sa_family == AF_UNSPEC) return true;  // to no peer any more
    const auto asked = peerOf(peer, size);
    return asked && mayReach(network, *asked);
}

bool mayReach(const Network& network, const Network::Peer& asked) noexcept {
    const bool isDoor = std::ranges::find(network.doors, asked.port) != network.doors.end();
    if (isAmong(metadata, asked.address)) {
        if (network.metadata) return true;
    } else if (!isAmong(loopback, asked.address) && !isAmong(everybody, asked.address)) {
        const bool isOwn =
            isDoor && std::ranges::find(network.own, asked.address) != network.own.end();
        if (!isOwn && network.hosts.empty()) return true;
    }
    const auto isAsked = [&](const Network::Peer& one) {
        return one.address == asked.address && (one.port == 0 || one.port == asked.port);
    };
    if (std::ranges::any_of(network.allowed, isAsked)) return true;
    return !isDoor && std::ranges::any_of(network.named, isAsked);
}

const Network::Host* hostThatAllows(const Network& network, const std::string& name,
                                    std::uint16_t port) {
    const auto found = std::ranges::find_if(network.hosts, [&](const Network::Host& host) {
        return (host.port == 0 || host.port == port) &&
               ::fnmatch(host.name.c_str(), name.c_str(), FNM_NOESCAPE) == 0;
    });
    return found == network.hosts.end() ? nullptr : &*found;
}

bool isReachedDirectly(const Network::Host& host) {
    constexpr std::uint16_t http = 80, https = 443;
    return host.port != 0 && host.port != http && host.port != https &&
           host.name.find('*') == std::string::npos;
}

std::uint16_t loopbackPort(const sockaddr* peer, socklen_t size) noexcept {
    const auto asked = peerOf(peer, size);
    return asked && isAmong(loopback, asked->address) ? asked->port : std::uint16_t{0};
}

}  // namespace driftkeeper
