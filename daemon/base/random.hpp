#pragma once

#include <cstddef>
#include <string>

namespace driftkeeper {

// From the kernel's generator; aborts when there is none. Thread-safe.
std::string randomBytes(std::size_t count);

// A version 4 uuid in lower case.
std::string makeUuid();

// Uniform in [0,1).
double uniformRandom();

}  // namespace driftkeeper
