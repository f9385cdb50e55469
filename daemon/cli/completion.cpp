#include "daemon/cli/completion.hpp"

#include <CLI/CLI.hpp>
#include <algorithm>

#include "daemon/cli/choices.hpp"
#include "daemon/cli/grammar.hpp"

namespace driftkeeper {
namespace {

// Where the typed word stands.
struct Spot {
    const CLI::App* command;
    const CLI::Option* value = nullptr;  // of this option, or of this positional
};

Spot spotOf(const CLI::App& program, const std::vector<std::string>& before) {
    Spot spot{&program};
    std::size_t positionals = 0;
    for (const auto& word : before) {
        if (spot.value != nullptr) {
            if (word != "=") spot.value = nullptr;
        } else if (word.starts_with("-")) {
            const CLI::Option* option = optionOf(*spot.command, word.substr(0, word.find('=')));
            if (option != nullptr && takesValue(*option) && word.find('=') == std::string::npos)
                spot.value = option;
        } else if (const CLI::App* next = commandNamed(*spot.command, word)) {
            spot.command = next;
            positionals = 0;
        } else {
            ++positionals;
        }
    }
    if (spot.value == nullptr)
        if (const auto all = positionalsOf(*spot.command); positionals < all.size())
            spot.value = all[positionals];
    return spot;
}

void keepBeginning(std::vector<std::string>& words, const std::string& typed) {
    std::erase_if(words, [&](const std::string& word) { return !word.starts_with(typed); });
}

// --format=js in one word.
Completion insideFlag(const CLI::App& command, const std::string& typed) {
    Completion completion;
    const std::string flag = typed.substr(0, typed.find('='));
    const CLI::Option* option = optionOf(command, flag);
    if (option == nullptr) return completion;
    for (const auto& choice : choicesOf(*option)) completion.words.push_back(flag + "=" + choice);
    keepBeginning(completion.words, typed);
    return completion;
}

}  // namespace

Completion completionOf(const std::vector<std::string>& words) {
    Grammar grammar("");
    std::vector<std::string> before = words;
    std::string typed;
    if (!before.empty()) {
        typed = before.back();
        before.pop_back();
    }
    if (typed == "=") {
        before.push_back(typed);
        typed.clear();
    }
    const Spot spot = spotOf(grammar.app(), before);
    const bool isFlag =
        typed.starts_with('-') && (spot.value == nullptr || spot.value->get_positional());
    if (isFlag && typed.find('=') != std::string::npos) return insideFlag(*spot.command, typed);

    Completion completion{{}, {}, typed};
    if (isFlag) {
        completion.words = flagsOf(*spot.command);
    } else {
        if (spot.value != nullptr) {
            completion.words = choicesOf(*spot.value);
            if (completion.words.empty()) completion.kind = kindOf(*spot.value);
        }
        if (spot.value == nullptr || spot.value->get_positional())
            std::ranges::move(commandsOf(*spot.command), std::back_inserter(completion.words));
    }
    keepBeginning(completion.words, typed);
    return completion;
}

}  // namespace driftkeeper
