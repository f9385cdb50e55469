#include "daemon/api/alerts_now.hpp"

namespace driftkeeper {

Result<AlertsNow> AlertsNow::read(const ApiWorld& world,
                                  const std::optional<std::string>& stackId) {
    auto facts = world.store.alerts.facts(stackId);
    if (!facts) return std::unexpected(facts.error());
    return AlertsNow(world.settings.get(), world.mutes.silences(), *std::move(facts),
                     world.clock.now());
}

Alert AlertsNow::of(const Finding& finding, const Stack& stack) const {
    return alertOf(finding, stack, world());
}

AlertCounts AlertsNow::counts(const std::vector<Stack>& stacks,
                              const std::vector<StackLine>& lines) const {
    auto counts = countAlerts(stacks, world());
    for (const auto& line : lines)
        counts[static_cast<std::size_t>(AlertState::Suppressed)] += line.suppressed;
    return counts;
}

}  // namespace driftkeeper
