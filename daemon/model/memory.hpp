#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
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
    // Null: not checked yet. Read from the store it has no graph.
    std::shared_ptr<const Check> last;
    std::vector<Finding> open;  // confirmed ones
    std::optional<LastConclusive> lastConclusive;
    int failures = 0;          // checks in a row that were not complete
    bool unconfirmed = false;  // something open waits for another check
};

// What a decision starts from: everything remembered about one subject, read
// inside the transaction.
struct Memory {
    // Open ones of the stack; for Store::place: those of all stacks that wait for their incident or
    // for their confirmation.
    std::vector<Finding> findings;
    // Open ones that hold a finding of the stack, are about the subject, or may take in what opens;
    // with all their members.
    std::vector<Incident> incidents;
    bool everComplete = false;  // a complete check of the stack is remembered
    // Address -> how often a confirmed finding of the stack was found in sync within the last day.
    std::map<std::string, int> recentlyClosed;

    // The check to decide about: its drifts say what depends on them in other stacks, too. Null for
    // decisions without one.
    std::shared_ptr<const Check> check;

    // The other stacks that have members in those incidents, or findings here. Read when it is
    // asked for: a fleet's baseline is large, and most checks have nothing to say.
    std::function<std::vector<StackStatus>()> others = [] { return std::vector<StackStatus>(); };
};

// What a decision leaves behind: rows to insert or replace by id.
struct Decision {
    std::vector<Finding> findings;
    std::vector<Incident> incidents;
    std::vector<Delivery> deliveries;  // new ones; `order` is given by the store

    std::optional<Seconds> checkAgainAfter =
        {};  // when the stack needs another look; the caller's, not kept
};

// What an ignore rule did.
struct RuleHits {
    TimePoint known{};       // since when the rule is there
    std::uint64_t hits = 0;  // differences that it hid, counted at every check
    std::optional<TimePoint> lastHit;
};

// Counts that a scrape asks for.
struct StoreCounts {
    std::map<std::string, std::size_t> incidentsOpen;  // by kind
    std::map<std::string, std::size_t> outboxPending;  // by channel
    std::optional<TimePoint> oldestPending;
};

using Decide = std::function<Decision(const Memory&)>;

}  // namespace driftkeeper
