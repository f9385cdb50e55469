#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "daemon/alert/alerter.hpp"
#include "daemon/base/deadline.hpp"
#include "daemon/fleet/scheduler.hpp"
#include "daemon/judge/ownership.hpp"
#include "daemon/store/store.hpp"

namespace driftkeeper {

// Sees to it that a thing which two stacks manage is alerted once, and once that it is over. What
// it starts from is in the store, so that a restart changes nothing. One thread.
class OwnershipWatch {
public:
    OwnershipWatch(Store& store, Scheduler& scheduler, Alerter& alerter)
        : store_(store), scheduler_(scheduler), alerter_(alerter) {}

    // Cheap while no claim comes or goes. Has stacks looked at again whose look confirms a claim,
    // once each.
    void look(const Clock& clock);

private:
    void confirm(const std::vector<DualOwnership>& ownerships);
    bool report(
        const std::vector<DualOwnership>& ownerships);  // false: something is left to report

    Store& store_;
    Scheduler& scheduler_;
    Alerter& alerter_;
    std::int64_t known_ = -1;                       // version of the claims that were reported
    std::map<std::string, TimePoint> sharedSince_;  // state that two stacks write -> seen first
    std::map<std::string, TimePoint> asked_;        // stack id -> the claim that its look confirms
    Deadline next_;
};

}  // namespace driftkeeper
