#pragma once

#include <CLI/CLI.hpp>
#include <string>

namespace driftkeeper {

// How the help of a command reads: what it does in one line, examples, usage, then arguments and
// options with the word for their value or the words to choose from, and nothing else.
class HelpText : public CLI::Formatter {
public:
    HelpText();
    std::string make_description(const CLI::App* app) const override;
    std::string make_option_opts(const CLI::Option* option) const override;
};

}  // namespace driftkeeper
