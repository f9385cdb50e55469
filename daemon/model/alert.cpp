#include "daemon/model/alert.hpp"

#include <utility>

namespace driftkeeper {

Alert suppressedBy(std::string rule) {
    Alert alert;
    alert.state = AlertState::Suppressed;
    alert.rule = std::move(rule);
    return alert;
}

std::string_view name(AlertState state) noexcept {
    constexpr std::array<std::string_view, alertStates.size()> words = {
        "suppressed", "unconfirmed", "grouping", "muted", "no_route", "undelivered", "delivered"};
    return words[static_cast<std::size_t>(state)];
}

}  // namespace driftkeeper
