#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "daemon/model/memory.hpp"
#include "daemon/model/severity_rule.hpp"
#include "daemon/model/touch.hpp"

namespace driftkeeper {

// Why a stack is told to be what it is told to be: every difference that its last check saw, whether somebody is told
// of it, what decided, and what it was compared with.
struct Explanation {
    StackStatus status;
    std::optional<CleanCheck> clean;             // the last in_sync check
    std::optional<Touch> touch;                  // the commit that last changed the stack or a module that it uses
    std::map<std::string, std::string> reasons;  // of ignore rules, by name
    // By address: the rule in force that gives a drift its severity. A check from before a change of the settings may
    // have gone by another one.
    std::map<std::string, SeverityRule> severities{};
    std::string_view family{};  // of the stack's provider, as the catalog of providers names it; empty: not known
};

// One difference of it.
struct Explained {
    enum class State {
        Told,
        Unconfirmed,  // another check has to see it, or the grace of a commit is not over
        Waiting,      // confirmed; waits for others of the same cause, or for the end of a mute
        NotTold,      // a rule hides it
        Unseen        // told, and the last check did not show it: it was not complete, or it flaps
    };
    Drift drift;
    State state = State::Told;
    std::string rule;                    // of NotTold
    std::optional<TimePoint> firstSeen;  // of what is open
    std::optional<TimePoint> told;
};

// In order of addresses; of one address alone when it is given.
std::vector<Explained> explained(const Explanation& explanation, std::string_view address = {});

std::string explanationJson(const Explanation& explanation, std::string_view address);
// Plain text for a terminal, printable whatever the stack holds.
std::string explanationText(const Explanation& explanation, std::string_view address);

std::string_view name(Explained::State state) noexcept;  // told unconfirmed waiting not_told unseen

}  // namespace driftkeeper
