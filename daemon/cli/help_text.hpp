#pragma once

#include <memory>

namespace CLI {
class FormatterBase;
}

namespace driftkeeper {

// How the help of a command reads: what it does in one line, examples, usage, then arguments and
// options with the word for their value or the words to choose from, and nothing else.
std::shared_ptr<CLI::FormatterBase> helpText();

}  // namespace driftkeeper
