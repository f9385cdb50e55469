#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "daemon/model/alert.hpp"
#include "daemon/model/memory.hpp"
#include "daemon/model/severity_rule.hpp"
#include "daemon/model/touch.hpp"

namespace driftkeeper {

// Why a stack is what it is said to be: every difference that its last check saw, whether somebody
// was alerted of it, what decided, and what it was compared with.
struct Explanation {
    StackStatus status;
    std::optional<CleanCheck> clean;  // the last in_sync check
    std::optional<Touch> touch;  // the commit that last changed the stack or a module that it uses
    std::map<std::string, std::string> reasons;  // of ignore rules, by name
    // By address: the rule in force that gives a drift its severity. A check from before a change
    // of the settings may have gone by another one.
    std::map<std::string, SeverityRule> severities{};
    std::string_view family{};  // of the stack's provider, as the catalog of providers names it;
                                // empty: not known
    std::vector<Finding> unconfirmed{};     // open ones; status.open has the others
    std::map<std::string, Alert> alerts{};  // of open findings, by address
};

// One difference of it.
struct Explained {
    Drift drift;
    Alert alert;
    bool isSeen = true;  // false: open, and the last check was not complete, or it flaps
    std::optional<TimePoint> firstSeen{};  // of what is open
    std::optional<TimePoint> confirmedAt{};

    [[nodiscard]] bool isSuppressed() const noexcept {
        return alert.state == AlertState::Suppressed;
    }
};

// In order of addresses; of one address alone when it is given.
std::vector<Explained> explained(const Explanation& explanation, std::string_view address = {});

std::string explanationJson(const Explanation& explanation, std::string_view address);
// Plain text for a terminal, printable whatever the stack holds.
std::string explanationText(const Explanation& explanation, std::string_view address);

// Whether anybody was alerted, and what the last check saw of it: one line, not escaped.
std::string decisionText(const Explained& one, const Explanation& explanation);

}  // namespace driftkeeper
