#include "daemon/cli/help_text.hpp"

#include <CLI/CLI.hpp>
#include <algorithm>

#include "daemon/cli/grammar.hpp"

namespace driftkeeper {

namespace {

class HelpText : public CLI::Formatter {
public:
    HelpText();
    std::string make_description(const CLI::App* app) const override;
    std::string make_option_opts(const CLI::Option* option) const override;
};

HelpText::HelpText() {
    label("Positionals", "Arguments");
    label("Subcommands", "Commands");
    label("SUBCOMMAND", "COMMAND");
}

std::string HelpText::make_description(const CLI::App* app) const {
    std::string text = CLI::Formatter::make_description(app);
    const auto examples = examplesOf(pathOf(*app));
    if (examples.empty()) return text;
    text += "\nExamples:\n";
    for (const auto example : examples) text += "  " + std::string(example) + "\n";
    return text + "\n";
}

// Usage shows which arguments are needed; the library's word for a choice is TEXT:{a,b}.
std::string HelpText::make_option_opts(const CLI::Option* option) const {
    if (option->get_positional() || option->get_type_size() == 0) return {};
    std::string words = option->get_type_name();
    if (const auto open = words.find('{'); open != std::string::npos && words.ends_with('}')) {
        words = words.substr(open + 1, words.size() - open - 2);
        std::ranges::replace(words, ',', '|');
    }
    return " " + words;
}

}  // namespace

std::shared_ptr<CLI::FormatterBase> helpText() {
    return std::make_shared<HelpText>();
}

}  // namespace driftkeeper
