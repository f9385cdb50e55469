// What is said of a command line that makes no sense: the word that is wrong, and which one was
// meant.
#include <CLI/CLI.hpp>
#include <algorithm>

#include "daemon/cli/choices.hpp"
#include "daemon/cli/grammar.hpp"
#include "daemon/model/nearest.hpp"

namespace driftkeeper {
namespace {

std::string meant(const std::string& word, const std::vector<std::string>& words) {
    const std::vector<std::string_view> views(words.begin(), words.end());
    const std::string guess = nearest(word, views);
    return guess.empty() ? "" : "; did you mean \"" + guess + "\"?";
}

std::string joined(const std::vector<std::string>& words) {
    std::string text;
    for (const auto& word : words) text += (text.empty() ? "" : ", ") + word;
    return text;
}

// The first word that nobody knows, in words; empty: the words are fine one by one.
std::string wrongWord(const CLI::App*& command, const std::vector<std::string>& words) {
    for (std::size_t i = 0; i < words.size(); ++i) {
        const std::string& word = words[i];
        const std::string flag = word.substr(0, word.find('='));
        if (word.size() > 1 && word.starts_with('-')) {
            const CLI::Option* option = optionOf(*command, flag);
            if (option == nullptr)
                return "there is no flag " + flag + meant(flag, flagsOf(*command));
            if (!takesValue(*option)) continue;
            const bool isInside = flag.size() < word.size();
            if (!isInside && ++i == words.size()) return flag + " needs a value";
            const std::string value = isInside ? word.substr(flag.size() + 1) : words[i];
            const auto choices = choicesOf(*option);
            if (!choices.empty() && std::ranges::find(choices, value) == choices.end())
                return flag + " cannot be \"" + value + "\"" + meant(value, choices) +
                       " It is one of: " + joined(choices);
            continue;
        }
        const auto commands = commandsOf(*command);
        if (const CLI::App* next = commandNamed(*command, word)) {
            command = next;
        } else if (!commands.empty() && positionalsOf(*command).empty()) {
            return "there is no command \"" + word + "\"" + meant(word, commands);
        }
    }
    return {};
}

}  // namespace

std::string adviceOn(CLI::App& app, const std::vector<std::string>& words,
                     const std::string& said) {
    const CLI::App* command = &app;
    std::string wrong = wrongWord(command, words);
    if (wrong.empty()) wrong = said;
    const std::string path = pathOf(*command);
    return "driftkeeper: " + wrong + "\nRun \"driftkeeper " + (path.empty() ? "" : path + " ") +
           "--help\" for examples and all flags.\n";
}

}  // namespace driftkeeper
