#pragma once

#include <chrono>
#include <string>

namespace driftkeeper {

// One line of a look's log.
struct RunStep {
    std::chrono::milliseconds after{0};  // since the look began
    std::string text;                    // a short phrase without secrets

    bool operator==(const RunStep&) const = default;
};

}  // namespace driftkeeper
