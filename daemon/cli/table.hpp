#pragma once

#include <cstddef>
#include <string>
#include <vector>

namespace driftkeeper {

// Rows under headings as aligned columns, two spaces between, no trailing blanks; the widest column is shortened with …
// when a line would be longer than `width` (0: no limit). Widths are counted in code points.
std::string table(const std::vector<std::string>& headings, const std::vector<std::vector<std::string>>& rows,
                  std::size_t width);

// Columns of the terminal on stdout; 0 when it is none.
std::size_t terminalWidth() noexcept;

// Colour is wanted: stdout is a terminal, NO_COLOR is not set and TERM is not dumb.
bool wantsColour() noexcept;

}  // namespace driftkeeper
