#include "daemon/model/incident.hpp"

#include <array>

namespace driftkeeper {
namespace {

constexpr std::array<std::string_view, 9> kinds = {"drift",      "stale",    "repository", "channel", "ownership",
                                                   "reconciler", "orphaned", "overload",   "digest"};
constexpr std::array<std::string_view, 5> events = {"opened", "changed", "resolved", "reminder", "digest"};
constexpr std::array<std::string_view, 6> states = {"pending", "sending", "delivered", "accepted", "dead", "dropped"};

template <class Enum, std::size_t N>
std::optional<Enum> find(const std::array<std::string_view, N>& names, std::string_view word) noexcept {
    for (std::size_t i = 0; i < N; ++i)
        if (names[i] == word) return static_cast<Enum>(i);
    return std::nullopt;
}

}  // namespace

std::string_view name(IncidentKind kind) noexcept {
    return kinds[static_cast<std::size_t>(kind)];
}
std::string_view name(Event event) noexcept {
    return events[static_cast<std::size_t>(event)];
}
std::string_view name(DeliveryState state) noexcept {
    return states[static_cast<std::size_t>(state)];
}

std::optional<IncidentKind> incidentKindFrom(std::string_view word) noexcept {
    return find<IncidentKind>(kinds, word);
}
std::optional<Event> eventFrom(std::string_view word) noexcept {
    return find<Event>(events, word);
}
std::optional<DeliveryState> deliveryStateFrom(std::string_view word) noexcept {
    return find<DeliveryState>(states, word);
}

}  // namespace driftkeeper
