#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "daemon/present/stack_object.hpp"

namespace driftkeeper {

struct TextStyle {
    bool colour = false;
    std::size_t width = 100;  // columns
    bool ascii = false;
};

// What `check` prints for people, worth pasting into a chat: per stack a verdict line, then each drift with its attributes
// as old → new, what is not told in one line, the reason and diagnostics, and a closing line of totals.
std::string checkText(const std::vector<StackObject>& stacks, const TextStyle& style);

// Control characters (C0, C1, DEL), bidi overrides and invalid UTF-8 made visible or dropped: nothing from a repository or a
// plan can steer a terminal or a chat.
std::string printable(std::string_view text);

// A canonical JSON value for people: strings without quotes when that is unambiguous, null as "not set", secrets as
// "(sensitive)", long values shortened to `width`.
std::string shownValue(std::string_view canonicalJson, std::size_t width = 80);

}  // namespace driftkeeper
