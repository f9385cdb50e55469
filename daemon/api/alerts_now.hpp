#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "daemon/alert/decide/alert_of.hpp"
#include "daemon/api/world.hpp"

namespace driftkeeper {

// Who was alerted of what is open, as it is known at one moment.
class AlertsNow {
public:
    // Of one stack, or of all. Fails as the store does.
    static Result<AlertsNow> read(const ApiWorld& world,
                                  const std::optional<std::string>& stackId = {});

    [[nodiscard]] Alert of(const Finding& finding, const Stack& stack) const;
    [[nodiscard]] const std::vector<Finding>& waiting() const noexcept { return facts_.waiting; }

    // Open findings by state; what a rule takes out is counted by the last check of each stack.
    [[nodiscard]] AlertCounts counts(const std::vector<Stack>& stacks,
                                     const std::vector<StackLine>& lines) const;

private:
    AlertsNow(std::shared_ptr<const Settings> settings, std::vector<Silence> silences,
              AlertFacts facts, TimePoint now)
        : settings_(std::move(settings)),
          silences_(std::move(silences)),
          facts_(std::move(facts)),
          now_(now) {}
    [[nodiscard]] AlertWorld world() const { return {*settings_, silences_, facts_, now_}; }

    std::shared_ptr<const Settings> settings_;
    std::vector<Silence> silences_;
    AlertFacts facts_;
    TimePoint now_;
};

}  // namespace driftkeeper
