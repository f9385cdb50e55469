#pragma once

#include <chrono>
#include <string>
#include <vector>

#include "daemon/base/guarded.hpp"
#include "daemon/observe/overview.hpp"
#include "daemon/settings/current_settings.hpp"
#include "daemon/settings/settings_mistake.hpp"

namespace driftkeeper {

// The fleet in one line: "Watching 3 repositories, 120 stacks: 2 drifted; last check 14:03 UTC".
std::string fleetText(std::size_t repositories, const std::vector<StackLine>& stacks);

// The first mistake with its place, and how many there are.
std::string mistakesText(const std::vector<SettingsMistake>& mistakes);

// Why a start ended: each mistake is an entry of the log, and where people read stderr, excerpt and
// caret come along. Says it to the service manager, too.
void reportMistakes(const std::vector<SettingsMistake>& mistakes);

// The line that `systemctl status` shows while the daemon runs: that the settings file was refused,
// as long as that is so, and the fleet. Thread-safe.
class ServiceStatus {
public:
    ServiceStatus(const CurrentSettings& settings, const Overview& overview)
        : settings_(settings), overview_(overview) {}

    void refused(const std::vector<SettingsMistake>& mistakes);
    void accepted();

    [[nodiscard]] std::string text() const;

    // Tells the service manager what is new, at most every ten seconds. Called now and then, on one
    // thread.
    void refresh();

private:
    const CurrentSettings& settings_;
    const Overview& overview_;
    Guarded<std::string> refusal_;
    std::string shown_;
    std::chrono::steady_clock::time_point next_{};
};

}  // namespace driftkeeper
