#pragma once

#include <string>
#include <vector>

#include "daemon/alert/decide/incidents.hpp"
#include "daemon/judge/ownership.hpp"

namespace driftkeeper {

// Two stacks that share more than so many things are one incident, not one a thing.
inline constexpr std::size_t mostSingleOwnerships = 3;

// What has to be opened and closed so that people know of every confirmed ownership once. The
// subject of an incident is the identity, or the names of the stacks ("a + b") where they share
// many; a thing that an incident covers is not alerted again. `trouble.stacks` is left to the
// caller: `stackIds` says which.
struct OwnershipNews {
    struct Opening {
        Trouble trouble;
        std::vector<std::string> stackIds;
    };
    std::vector<Opening> opened;
    std::vector<Trouble> closed;  // one stack is left, or none
};
OwnershipNews ownershipNews(const std::vector<DualOwnership>& ownerships,
                            const std::vector<Incident>& open);

}  // namespace driftkeeper
