#pragma once

#include <chrono>
#include <functional>

namespace driftkeeper::tests {

// Asks until `done` says yes; false after the limit. For what happens in another process: what
// happens in this one is waited for on a condition variable.
bool eventually(const std::function<bool()>& done,
                std::chrono::milliseconds limit = std::chrono::seconds(60));

}  // namespace driftkeeper::tests
