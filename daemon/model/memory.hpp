#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "daemon/model/check.hpp"
#include "daemon/model/finding.hpp"
#include "daemon/model/incident.hpp"
#include "daemon/model/stack.hpp"

namespace driftkeeper {

// What the last in_sync check of a stack knew.
struct CleanCheck {
    std::string commit;
    std::string sourceDigest;
    Evidence evidence;
    TimePoint finished{};
};

// What is known of one stack, for the API, the metrics and the scheduler.
struct StackStatus {
    Stack stack;
    std::optional<Check> last;  // its report holds everything but the graph
    std::vector<Finding> open;  // told ones
    std::optional<LastConclusive> lastConclusive;
    int failures = 0;  // checks in a row that were not complete
};

// What a decision starts from: everything remembered about one subject, read inside the transaction.
struct Memory {
    std::vector<Finding> findings;    // open ones of the stack
    std::vector<Incident> incidents;  // open ones that hold a finding of the stack, are about the subject, or are the baseline
                                      // of its repository; with all their members
    bool everComplete = false;        // a complete check of the stack is remembered
    std::vector<StackStatus> others;  // the other stacks that have members in those incidents
};

// What a decision leaves behind: rows to insert or replace by id.
struct Decision {
    std::vector<Finding> findings;
    std::vector<Incident> incidents;
    std::vector<Delivery> deliveries;  // new ones; `order` is given by the store
};

using Decide = std::function<Decision(const Memory&)>;

}  // namespace driftkeeper
