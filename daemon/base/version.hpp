#pragma once

namespace driftkeeper {

inline constexpr const char* version = DRIFTKEEPER_VERSION;

}  // namespace driftkeeper
