#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "parsers/source/source_file.hpp"

// What is not looked at, in words.
namespace driftkeeper {

// Why, behind the path: "a module: …". An unknown code stands for itself.
std::string leftOutWords(std::string_view reason);

// True for a file or folder that could not be read as it should: what it holds may be missing.
bool isTrouble(std::string_view reason) noexcept;

// One line a reason with at most five of its paths; empty for nothing.
std::string leftOutText(const std::vector<LeftOut>& all);

}  // namespace driftkeeper
