#pragma once

#include <string>
#include <vector>

namespace driftkeeper {

// What may stand in the place of the word that is being typed.
struct Completion {
    std::vector<std::string> words;
    std::string kind;    // what else: STACK DELIVERY SILENCE CHANNEL RULE, which the daemon or the
                         // settings know; FILE DIR, which the shell knows; empty: nothing
    std::string prefix;  // what has been typed of it
};

// `words`: what follows the program's name, the last one as far as it is typed. A shell that splits
// at '=' gives it as a word of its own.
Completion completionOf(const std::vector<std::string>& words);

}  // namespace driftkeeper
