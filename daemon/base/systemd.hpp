#pragma once

#include <chrono>
#include <optional>
#include <string>

namespace driftkeeper::systemd {

// sd_notify(3). Each does nothing when no service manager listens. Thread-safe, never throws.
void ready(const std::string& status) noexcept;
void status(const std::string& text) noexcept;
void reloading() noexcept;  // followed by ready()
void stopping(const std::string& status) noexcept;
void extendTimeout(std::chrono::seconds more) noexcept;  // of the start or the stop that is going
                                                         // on: so long from now
void watchdog() noexcept;

// How often watchdog() must be called: half of what the unit demands; nullopt: not at all.
std::optional<std::chrono::milliseconds> watchdogInterval() noexcept;

}  // namespace driftkeeper::systemd
