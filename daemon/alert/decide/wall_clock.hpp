#pragma once

#include <optional>
#include <string>

#include "daemon/model/time.hpp"

namespace date {
class time_zone;
}

namespace driftkeeper {

// The clock on the wall of a time zone. An hour that is left out counts as its end, of one that
// comes twice the first counts. Copies are cheap.
class WallClock {
public:
    // nullopt: this host does not know the zone.
    static std::optional<WallClock> of(const std::string& zone);

    // `back` days before the day of `now`: its day of the week (0 = Sunday), and a moment of it.
    [[nodiscard]] unsigned weekday(TimePoint now, int back) const;
    [[nodiscard]] TimePoint at(TimePoint now, int back, Seconds sinceMidnight) const;

private:
    explicit WallClock(const date::time_zone& zone) : zone_(&zone) {}
    const date::time_zone* zone_;
};

}  // namespace driftkeeper
