#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "daemon/cli/columns.hpp"

namespace driftkeeper {

// Rows under headings as aligned columns, two spaces between, no trailing blanks; the widest column
// is shortened with … while a line would be longer than `width` (0: no limit), down to 8 columns
// each and, on a terminal that is narrower still, down to 1. `colour`: words such as drifted, dead
// or critical that are a whole cell get the colour of their meaning.
std::string table(const std::vector<std::string>& headings,
                  const std::vector<std::vector<std::string>>& rows, std::size_t width,
                  bool colour = false);

}  // namespace driftkeeper
