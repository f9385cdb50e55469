#include "daemon/model/incident.hpp"

#include "parsers/graph/words.hpp"

namespace driftkeeper {
namespace {

constexpr Words<IncidentKind, 10> kinds{{"drift", "stale", "repository", "channel", "ownership",
                                         "reconciler", "orphaned", "overload", "daemon", "digest"}};
constexpr Words<Event, 5> events{{"opened", "changed", "resolved", "reminder", "digest"}};
constexpr Words<DeliveryState, 6> states{
    {"pending", "sending", "delivered", "accepted", "dead", "dropped"}};

}  // namespace

std::string_view name(IncidentKind kind) noexcept {
    return kinds.of(kind);
}
std::string_view name(Event event) noexcept {
    return events.of(event);
}
std::string_view name(DeliveryState state) noexcept {
    return states.of(state);
}

std::optional<IncidentKind> incidentKindFrom(std::string_view word) noexcept {
    return kinds.from(word);
}
std::optional<Event> eventFrom(std::string_view word) noexcept {
    return events.from(word);
}
std::optional<DeliveryState> deliveryStateFrom(std::string_view word) noexcept {
    return states.from(word);
}

}  // namespace driftkeeper
