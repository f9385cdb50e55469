#include "daemon/web/buckets.hpp"

#include <arpa/inet.h>

#include <algorithm>
#include <cmath>

namespace driftkeeper {
namespace {

constexpr std::size_t mostPeers = 4096;
constexpr unsigned atOnce = 10;
constexpr std::chrono::nanoseconds oneEvery = std::chrono::seconds(6);

}  // namespace

std::string networkOf(const std::string& peer) {
    in6_addr address{};
    if (inet_pton(AF_INET6, peer.c_str(), &address) != 1 || IN6_IS_ADDR_V4MAPPED(&address))
        return peer;
    return {reinterpret_cast<const char*>(&address), 8};
}

double TokenBucket::level(std::chrono::nanoseconds interval, unsigned burst, SteadyTime now) const {
    const double most = burst;
    if (level_ < 0) return most;
    const auto passed = std::chrono::duration<double, std::nano>(now - at_) /
                        std::chrono::duration<double, std::nano>(interval);
    return std::min(most, level_ + std::max(0.0, passed));
}

std::optional<std::chrono::nanoseconds> TokenBucket::wait(std::chrono::nanoseconds interval,
                                                          unsigned burst, SteadyTime now) const {
    const double there = level(interval, burst, now);
    if (there >= 1) return std::nullopt;
    return std::chrono::nanoseconds(
        std::llround(std::ceil((1 - there) * static_cast<double>(interval.count()))));
}

std::optional<std::chrono::nanoseconds> TokenBucket::take(std::chrono::nanoseconds interval,
                                                          unsigned burst, SteadyTime now) {
    if (const auto longer = wait(interval, burst, now)) return longer;
    level_ = level(interval, burst, now) - 1;
    at_ = now;
    return std::nullopt;
}

std::optional<std::chrono::seconds> FailureLimit::wait(const std::string& peer,
                                                       SteadyTime now) const {
    const auto longer = peers_.with([&](const auto& peers) {
        const auto found = peers.find(networkOf(peer));
        return found == peers.end() ? std::nullopt
                                    : found->second.bucket.wait(oneEvery, atOnce, now);
    });
    if (!longer) return std::nullopt;
    return std::chrono::ceil<std::chrono::seconds>(*longer);
}

void FailureLimit::note(const std::string& peer, SteadyTime now) {
    peers_.with([&](auto& peers) {
        if (peers.size() >= mostPeers && !peers.contains(networkOf(peer)))
            peers.erase(std::ranges::min_element(peers, {},
                                                 [](const auto& one) { return one.second.last; }));
        Entry& entry = peers[networkOf(peer)];
        (void)entry.bucket.take(oneEvery, atOnce, now);
        entry.last = now;
    });
}

}  // namespace driftkeeper
