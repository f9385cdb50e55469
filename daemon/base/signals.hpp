#pragma once

#include <chrono>
#include <optional>

namespace driftkeeper {

// Blocks SIGTERM, SIGINT and SIGHUP for this thread and every thread started later, and ignores
// SIGPIPE. Called first in main; tools that are started must get an empty mask again.
void blockSignals() noexcept;

// Waits for one of the blocked signals on the calling thread; nullopt after `most`.
std::optional<int> waitForSignal(std::chrono::milliseconds most) noexcept;

}  // namespace driftkeeper
