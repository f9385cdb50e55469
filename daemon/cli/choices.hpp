#pragma once

#include <string>
#include <vector>

namespace CLI {
class App;
class Option;
}  // namespace CLI

// What may stand where on the command line, read from the grammar.
namespace driftkeeper {

std::vector<std::string> commandsOf(const CLI::App& command);
const CLI::App* commandNamed(const CLI::App& command, const std::string& name);  // nullptr: none

// --name; -n only where there is no long one.
std::vector<std::string> flagsOf(const CLI::App& command);
const CLI::Option* optionOf(const CLI::App& command, const std::string& flag);  // nullptr: none
std::vector<const CLI::Option*> positionalsOf(const CLI::App& command);

bool takesValue(const CLI::Option& option);

// The values of an option that has a list of them; empty: any text.
std::vector<std::string> choicesOf(const CLI::Option& option);

// What a value is: STACK, FILE, …
std::string kindOf(const CLI::Option& option);

}  // namespace driftkeeper
