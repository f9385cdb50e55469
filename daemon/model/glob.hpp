#pragma once

#include <string_view>

namespace driftkeeper {

// For names with parts between slashes: `*` matches within one part, `**` any number of whole
// parts (also none), `?` one character. No glob makes it slow: it never goes back further than to
// the last star.
bool globMatches(std::string_view glob, std::string_view text) noexcept;

// For words without parts: `*` matches any run of characters, `?` one. As fast.
bool wildcardMatches(std::string_view pattern, std::string_view text) noexcept;

}  // namespace driftkeeper
