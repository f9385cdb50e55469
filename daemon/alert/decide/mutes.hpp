#pragma once

#include <optional>
#include <string>
#include <vector>

#include "daemon/alert/decide/routes.hpp"
#include "daemon/model/mute.hpp"
#include "daemon/model/time.hpp"

namespace driftkeeper {

// A silence or a window that is on.
struct Mute {
    std::string name;  // of the window; the id of the silence
    std::string reason;
    TimePoint until{};
    bool isWindow = false;
    bool operator==(const Mute&) const = default;
};

// What mutes the subject now; of several the one that ends last. Windows go by the clock on the
// wall of their time zone
// (`timeZone` where they name none): one that begins in an hour that is left out begins at its end,
// in an hour that comes twice it means the first. A window whose time zone this host does not know
// mutes nothing.
std::optional<Mute> activeMute(const std::vector<MuteWindow>& windows,
                               const std::vector<Silence>& silences, const RouteSubject& subject,
                               const std::string& timeZone, TimePoint now);

}  // namespace driftkeeper
