#pragma once

#include <optional>
#include <string>
#include <vector>

#include "daemon/alert/decide/mutes.hpp"
#include "daemon/base/guarded.hpp"
#include "daemon/model/mute.hpp"
#include "daemon/settings/current_settings.hpp"
#include "daemon/store/store.hpp"

namespace driftkeeper {

// What is kept quiet for now: the windows of the settings, and silences that somebody asked for,
// which outlive a restart. Thread-safe.
class Mutes {
public:
    Mutes(const CurrentSettings& settings, Store& store) : settings_(settings), store_(store) {}

    // Reads the silences that are kept.
    Result<void> load();

    // Until when it is quiet about the subject; nullopt: nothing keeps it quiet.
    [[nodiscard]] std::optional<TimePoint> until(const RouteSubject& subject, TimePoint now) const;

    Result<Silence> add(const std::vector<std::string>& matcher, Seconds length,
                        const std::string& reason, const std::string& by, TimePoint now);
    // Ends it now, and what it kept quiet is alerted. False: there is none of this id, or it ended
    // before.
    Result<bool> end(const std::string& id, TimePoint now);
    [[nodiscard]] std::vector<Silence> silences() const;  // oldest first, those that ended too

private:
    const CurrentSettings& settings_;
    Store& store_;
    Guarded<std::vector<Silence>> silences_;
};

}  // namespace driftkeeper
