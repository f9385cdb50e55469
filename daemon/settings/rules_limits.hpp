#pragma once

#include <cstddef>

namespace driftkeeper {

// Of one file of rules in a repository.
inline constexpr std::size_t mostRulesBytes = std::size_t{256} << 10;
inline constexpr std::size_t mostRules = 1000;

}  // namespace driftkeeper
