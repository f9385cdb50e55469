#pragma once

#include <optional>
#include <string>
#include <vector>

#include "daemon/alert/decide/incidents.hpp"
#include "daemon/model/memory.hpp"
#include "daemon/model/settings.hpp"

namespace driftkeeper {

// The last moment at or before `now` at which the digest is due, by the clock on the wall of the
// time zone; nullopt: this host does not know the zone.
std::optional<TimePoint> lastDue(const DigestSettings& digest, const std::string& timeZone,
                                 TimePoint now);

// What a digest is made of.
struct DigestFacts {
    std::vector<StackStatus> stacks;  // all, with their confirmed findings
    std::vector<Finding> closed;      // confirmed ones that were closed since
    TimePoint since{};                // the digest before
    TimePoint until{};
};

// The summary of a route: what is open, longest first, what is new and what ended, which stacks
// could not be looked at, which checks take longest, and what is suppressed by which rule. Only
// what the route would be notified of counts. An incident that is closed at once, with one delivery
// for each of the route's channels that keeps nothing open; none when it has no such channel.
Decision sendDigest(const RouteSettings& route, const DigestFacts& facts,
                    const AlertContext& context);

}  // namespace driftkeeper
