#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace driftkeeper {

// Columns that a terminal needs for a text in UTF-8: two for wide characters, none for combining
// ones.
std::size_t columnsOf(std::string_view text) noexcept;

// The text in at most `most` columns; what is cut ends in "…".
std::string inColumns(std::string_view text, std::size_t most);

// Columns of the terminal on stdout or, for progress, stderr; 0 when it is none. Lines of the one
// on stdout.
std::size_t terminalWidth() noexcept;
std::size_t progressWidth() noexcept;
std::size_t terminalHeight() noexcept;

// Colour is wanted: stdout is a terminal, NO_COLOR is not set and TERM is not dumb.
bool wantsColour() noexcept;

}  // namespace driftkeeper
