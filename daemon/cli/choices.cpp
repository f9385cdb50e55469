#include "daemon/cli/choices.hpp"

#include <CLI/CLI.hpp>

namespace driftkeeper {

std::vector<std::string> commandsOf(const CLI::App& command) {
    std::vector<std::string> names;
    for (const auto* one : command.get_subcommands(nullptr)) names.push_back(one->get_name());
    return names;
}

const CLI::App* commandNamed(const CLI::App& command, const std::string& name) {
    for (const auto* one : command.get_subcommands(nullptr))
        if (one->get_name() == name) return one;
    return nullptr;
}

std::vector<std::string> flagsOf(const CLI::App& command) {
    std::vector<std::string> flags;
    for (const auto* option : command.get_options()) {
        if (!option->get_lnames().empty())
            flags.push_back("--" + option->get_lnames().front());
        else if (!option->get_snames().empty())
            flags.push_back("-" + option->get_snames().front());
    }
    return flags;
}

const CLI::Option* optionOf(const CLI::App& command, const std::string& flag) {
    for (const auto* option : command.get_options())
        if (!option->get_positional() && option->check_name(flag)) return option;
    return nullptr;
}

std::vector<const CLI::Option*> positionalsOf(const CLI::App& command) {
    return command.get_options([](const CLI::Option* option) { return option->get_positional(); });
}

bool takesValue(const CLI::Option& option) {
    return option.get_items_expected_max() > 0;
}

// A check for membership describes itself as {one,other}.
std::vector<std::string> choicesOf(const CLI::Option& option) {
    const std::string type = option.get_type_name();
    const auto open = type.find('{');
    const auto close = type.find('}');
    if (open == std::string::npos || close == std::string::npos) return {};
    return CLI::detail::split(type.substr(open + 1, close - open - 1), ',');
}

std::string kindOf(const CLI::Option& option) {
    return option.get_type_name();
}

}  // namespace driftkeeper
