#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "daemon/model/check.hpp"
#include "daemon/model/finding.hpp"
#include "daemon/model/settings.hpp"

namespace driftkeeper {

struct ConfirmationPolicy {
    int confirm = 2;           // sightings in a row that confirm a live drift; at least 1
    Seconds confirmAfter{30};  // when the confirming check should run
    Seconds unappliedGrace{3600};
};

ConfirmationPolicy policyOf(const CheckSettings& checks);

// What became of one finding in one check.
enum class Step {
    Opened,   // confirmed now
    Changed,  // confirmed before; its side, change or severity is another now
    Updated,  // confirmed before; only what nobody is alerted of again moved (attributes, cause,
              // last seen)
    Waiting,  // seen, not confirmed yet
    Dropped,  // was waiting and is gone: nobody ever heard of it
    Closed    // confirmed before and gone
};

struct Reconciled {
    struct Item {
        Step step = Step::Waiting;
        Finding finding;  // in its new state
    };
    std::vector<Item> items;  // every finding that the check touched, in order of address
    std::optional<Seconds> checkAgainAfter;  // something waits: when to look again at the latest
};

// What is remembered of a stack's findings.
struct Remembered {
    const std::vector<Finding>& open;  // all open ones
    bool firstComplete =
        false;  // no complete check of the stack came before this one: what it shows is baseline
    std::map<std::string, int> recentlyClosed =
        {};  // address -> confirmed findings found in sync within the last day
};

// What was found in sync so often within a day is flapping when it opens again: reported this once,
// and closed only by the third clean check in a row.
inline constexpr int closingsUntilFlapping = 3;
inline constexpr int cleanChecksUntilCalm = 3;

// The only place where a finding is opened, kept or closed. `makeId` gives a fresh uuid at every
// call. A failed check touches nothing. A partial one opens and updates, and closes nothing but
// what a rule of the settings or of the repository now hides (resolution `ignored`). Findings
// follow `previousAddress`.
Reconciled reconcile(const Remembered& remembered, const Check& check,
                     const ConfirmationPolicy& policy, const std::function<std::string()>& makeId);

// When an open finding that is not confirmed yet may be, at the earliest: a check has to see it
// then, too.
TimePoint confirmableAt(const Finding& finding, const ConfirmationPolicy& policy);

// All findings closed with one resolution (stack_removed). Confirmed ones become Closed, the others
// Dropped.
Reconciled closeAll(const std::vector<Finding>& open, TimePoint now, const std::string& resolution);

}  // namespace driftkeeper
