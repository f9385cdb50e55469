#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace driftkeeper {

// The nearest of the words, when it is near enough to be meant; empty otherwise. Pure.
std::string nearest(std::string_view word, const std::vector<std::string_view>& words);

}  // namespace driftkeeper
