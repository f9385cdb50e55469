#pragma once

#include <chrono>
#include <cstddef>
#include <map>
#include <optional>
#include <string>

#include "daemon/base/guarded.hpp"

namespace driftkeeper {

// Who has one address of a network of IPv6 has all of them: its first 64 bits count. An address of
// IPv4, also in the clothes of IPv6, counts whole.
std::string networkOf(const std::string& peer);

using SteadyTime = std::chrono::steady_clock::time_point;

// A bucket of `burst` tokens that gains one every `interval`.
class TokenBucket {
public:
    // Takes one. Else how long it takes until there is one.
    std::optional<std::chrono::nanoseconds> take(std::chrono::nanoseconds interval, unsigned burst,
                                                 SteadyTime now);

    // The same without taking.
    [[nodiscard]] std::optional<std::chrono::nanoseconds> wait(std::chrono::nanoseconds interval,
                                                               unsigned burst,
                                                               SteadyTime now) const;

private:
    [[nodiscard]] double level(std::chrono::nanoseconds interval, unsigned burst,
                               SteadyTime now) const;
    double level_ = -1;  // -1: full
    SteadyTime at_{};
};

// Who gave wrong credentials lately: ten at once, then one every six seconds. An address is counted
// alone, of IPv6 its network (/64). What is remembered is bounded. Thread-safe.
class FailureLimit {
public:
    // How long this peer has to wait before it may try again; nullopt: not at all.
    [[nodiscard]] std::optional<std::chrono::seconds> wait(const std::string& peer,
                                                           SteadyTime now) const;
    void note(const std::string& peer, SteadyTime now);

private:
    struct Entry {
        TokenBucket bucket;
        SteadyTime last;
    };
    Guarded<std::map<std::string, Entry>> peers_;
};

}  // namespace driftkeeper
