#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "daemon/model/time.hpp"
#include "parsers/graph/drift.hpp"

namespace driftkeeper {

enum class IncidentKind {
    Drift,
    Stale,
    Repository,
    Channel,
    Ownership,
    Reconciler,
    Orphaned,
    Overload,
    Daemon,  // its state or its own work: what it cannot do while it lasts
    Digest
};

// One finding inside an incident, as people were last told.
struct Member {
    std::string findingId;
    std::string stackId;
    std::string stack;  // full name
    std::string address;
    Side side = Side::Live;
    Change change = Change::Modified;
    Severity severity = Severity::Warning;
    TimePoint joined{};  // deliveries of the incident that were made then or later hold it

    bool operator==(const Member&) const = default;
};

// What people are told about. Incidents of different routes are different incidents.
struct Incident {
    std::string id;  // uuid, from opening to closing
    IncidentKind kind = IncidentKind::Drift;
    // Empty: none; "baseline" for the first look at a repository; what members share.
    std::string cause;
    // Stack id, repository name, channel name or shared cause that it is about.
    std::string subject;
    std::string route;  // key of the route that it was opened for
    // Names, as at opening: a resolve goes where the opening went.
    std::vector<std::string> channels;
    TimePoint opened{};
    std::optional<TimePoint> closed;
    std::vector<Member> members;  // open ones
    std::string text;             // one sentence, for kinds without members
    // When deliveries of it were last made; whether they arrived is theirs to know.
    TimePoint announcedAt{};
    bool owesChange = false;  // a change was kept quiet by a mute; told when that ends

    [[nodiscard]] bool isOpen() const noexcept { return !closed.has_value(); }
};

enum class Event { Opened, Changed, Resolved, Reminder, Digest };

// Pending: waits for nextAttempt. Sending: an attempt began and its outcome is unknown (also
// after a crash).
enum class DeliveryState { Pending, Sending, Delivered, Accepted, Dead, Dropped };

// What a channel must know of an incident at its peer to go on with it: ids of messages, by name.
using Memo = std::map<std::string, std::string>;

// One event of one incident on its way through one channel.
struct Delivery {
    std::string id;  // uuid, the idempotency key of every attempt
    std::string incidentId;
    std::string channel;
    Event event = Event::Opened;
    std::string notice;  // the contract's webhook body, JSON, already redacted
    TimePoint created{};
    // Given by the store: deliveries of one incident and channel go out in this order.
    std::int64_t order = 0;
    DeliveryState state = DeliveryState::Pending;
    int attempts = 0;
    TimePoint nextAttempt{};
    std::string lastOutcome;  // class and a redacted sentence
    int step = 0;             // requests of it that the peer took; a delivery may need several
    Memo memo;                // of its incident and channel
};

// drift stale repository channel ownership reconciler orphaned overload daemon digest
std::string_view name(IncidentKind kind) noexcept;
std::string_view name(Event event) noexcept;  // opened changed resolved reminder digest
// pending sending delivered accepted dead dropped
std::string_view name(DeliveryState state) noexcept;
std::optional<IncidentKind> incidentKindFrom(std::string_view word) noexcept;
std::optional<Event> eventFrom(std::string_view word) noexcept;
std::optional<DeliveryState> deliveryStateFrom(std::string_view word) noexcept;

}  // namespace driftkeeper
