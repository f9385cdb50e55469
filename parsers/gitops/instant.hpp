#pragma once

#include <chrono>
#include <optional>
#include <string_view>

namespace driftkeeper::gitops {

// "2026-11-22T10:00:00Z", also with a fraction (dropped) and an offset (RFC 3339). nullopt for
// anything else.
std::optional<std::chrono::sys_seconds> instantFrom(std::string_view text);

// "1h30m", "5m0s", "1.5h", "300ms": what Go's time.ParseDuration takes, without signs. nullopt for
// anything else.
std::optional<std::chrono::milliseconds> durationFrom(std::string_view text);

}  // namespace driftkeeper::gitops
