#pragma once

#include <string>
#include <vector>

#include "daemon/contract/stack_object.hpp"
#include "parsers/text/printable.hpp"

namespace driftkeeper {

struct TextStyle {
    bool colour = false;
    std::size_t width = 100;  // columns
    bool ascii = false;
};

// What `check` prints for people, worth pasting into a chat: per stack a verdict line, then each
// drift with its attributes as old → new, what is not told in one line, the reason and diagnostics,
// and a closing line of totals.
std::string checkText(const std::vector<StackObject>& stacks, const TextStyle& style);

}  // namespace driftkeeper
