#pragma once

#include "daemon/base/clock.hpp"

namespace driftkeeper {

// When something is due, whatever is done to the wall clock meanwhile. A new one is due at once.
class Deadline {
public:
    Deadline() = default;
    // `wait` from now; a negative one is over since then.
    Deadline(const Clock& clock, BootClock::duration wait) : at_(clock.boot() + wait) {}

    [[nodiscard]] bool isOver(const Clock& clock) const noexcept { return at_ <= clock.boot(); }
    // How long it has been over; negative while it is not.
    [[nodiscard]] BootClock::duration overdue(const Clock& clock) const noexcept {
        return clock.boot() - at_;
    }
    auto operator<=>(const Deadline&) const = default;

private:
    BootTime at_{};
};

}  // namespace driftkeeper
