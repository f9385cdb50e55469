#pragma once

#include <array>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "daemon/model/finding.hpp"
#include "daemon/model/incident.hpp"

namespace driftkeeper {

// Whether anybody was alerted of a difference, in the order of the way that an alert goes.
enum class AlertState {
    Suppressed,   // a rule takes it out
    Unconfirmed,  // another check has to see it, or the grace of a commit is not over
    Grouping,     // waits for others of the same cause
    Muted,        // by a silence, or a window of the settings
    NoRoute,      // no route led it to a channel
    Undelivered,  // a channel that is to get it did not take it, or not yet
    Delivered     // every channel that is to get it took it
};
inline constexpr std::array alertStates = {
    AlertState::Suppressed, AlertState::Unconfirmed, AlertState::Grouping, AlertState::Muted,
    AlertState::NoRoute,    AlertState::Undelivered, AlertState::Delivered};

// What became of it on one channel.
struct ChannelAlert {
    std::string channel;
    AlertState state = AlertState::Undelivered;  // or Delivered
    std::optional<TimePoint> at;                 // delivered: when
    std::string error;  // why it was not taken, or why later news of it was not; redacted
    std::optional<TimePoint> nextTry;
    bool operator==(const ChannelAlert&) const = default;
};

// The honest answer to "who was alerted of this, and if nobody, why?".
struct Alert {
    AlertState state = AlertState::Unconfirmed;
    std::optional<TimePoint> until;  // unconfirmed: at the earliest; grouping: at the latest; muted
    std::string rule;                // suppressed
    std::string silence;             // muted: its id …
    std::string window;              // … or the name of the window
    std::string reason;              // muted
    bool routeMatchesNow = false;    // no_route: one does now, for what opens from now on
    std::vector<ChannelAlert> channels;  // undelivered, delivered
    bool operator==(const Alert&) const = default;
};

// The answer for a difference that a rule takes out.
Alert suppressedBy(std::string rule);

// What an answer starts from: of one stack, or of all.
struct AlertFacts {
    // A delivery without what it says.
    struct Sent {
        std::string channel;
        Event event = Event::Opened;
        TimePoint created{};
        DeliveryState state = DeliveryState::Pending;
        TimePoint nextAttempt{};
        std::optional<TimePoint> attempted;  // when the last attempt began
        std::string lastOutcome;
    };
    // An open incident with its deliveries, in the order in which they go out.
    struct Trail {
        std::vector<std::string> channels;
        std::vector<Sent> deliveries;
    };
    struct Membership {
        std::string incidentId;
        TimePoint joined{};
    };
    std::vector<Finding> waiting;  // open findings that are unconfirmed or deferred
    std::multimap<std::string, Membership> joinedBy;  // by finding
    std::map<std::string, Trail> incidents;           // by id
};

// suppressed unconfirmed grouping muted no_route undelivered delivered
std::string_view name(AlertState state) noexcept;

}  // namespace driftkeeper
