#include "daemon/cli/options.hpp"

#include <CLI/CLI.hpp>
#include <sstream>

#include "daemon/cli/grammar.hpp"

namespace driftkeeper {
namespace {

// `complete stacks`, or `complete -- WORDS…`: what shells ask. The words are another command line,
// and not parsed here.
Options completion(int count, const char* const* words) {
    Options options;
    options.command = Command::Complete;
    for (int i = 2; i < count; ++i) options.words.emplace_back(words[i]);
    return options;
}

}  // namespace

CommandLine parseCommandLine(int count, const char* const* words, const std::string& version) {
    if (count > 1 && std::string_view(words[1]) == "complete")
        return {completion(count, words), 0, {}};
    Grammar grammar(version);
    try {
        grammar.app().parse(count, words);
        return {grammar.options(), 0, {}};
    } catch (const CLI::ParseError& error) {
        std::ostringstream out;
        std::ostringstream err;
        const int status = grammar.app().exit(error, out, err);
        if (status == 0) return {std::nullopt, 0, out.str()};
        const std::vector<std::string> given(words + std::min(count, 1), words + count);
        return {std::nullopt, 2, adviceOn(grammar.app(), given, error.what())};
    }
}

}  // namespace driftkeeper
