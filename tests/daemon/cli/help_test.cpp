// Every command: its help begins with examples, the examples are understood, and what the help
// names is completed.
#include <doctest/doctest.h>

#include <algorithm>
#include <sstream>
#include <utility>

#include "daemon/cli/completion.hpp"
#include "daemon/cli/grammar.hpp"

using namespace driftkeeper;

namespace help_test {
namespace {

using Words = std::vector<std::string>;

CommandLine parse(const Words& words) {
    std::vector<const char*> all = {"driftkeeper"};
    for (const auto& word : words) all.push_back(word.c_str());
    return parseCommandLine(static_cast<int>(all.size()), all.data(), "1.2.3");
}

// The commands that stand after `path`: completion without a word yet.
Words commandsAfter(const Words& path) {
    Words typed = path;
    typed.emplace_back();
    return completionOf(typed).words;
}

// Every command with its path, the program itself first.
void walk(const Words& path, std::vector<Words>& all) {
    all.push_back(path);
    for (const auto& name : commandsAfter(path)) {
        Words next = path;
        next.push_back(name);
        walk(next, all);
    }
}

std::vector<Words> everyCommand() {
    std::vector<Words> all;
    walk({}, all);
    return all;
}

std::string joined(const Words& words) {
    std::string text;
    for (const auto& word : words) text += (text.empty() ? "" : " ") + word;
    return text;
}

std::string helpOf(Words words) {
    words.emplace_back("--help");
    return parse(words).text;
}

// The words of a line of examples as a shell would see them, up to a comment, a pipe or a
// redirection.
Words shellWords(std::string_view line) {
    Words words;
    std::string word;
    bool inWord = false;
    char quote = 0;
    for (const char c : line) {
        if (quote != 0) {
            if (c == quote)
                quote = 0;
            else
                word += c;
        } else if (c == '\'') {
            quote = c;
            inWord = true;
        } else if (c == ' ') {
            if (inWord) words.push_back(std::exchange(word, {}));
            inWord = false;
        } else if (!inWord && (c == '#' || c == '|' || c == '>')) {
            return words;
        } else {
            word += c;
            inWord = true;
        }
    }
    if (inWord) words.push_back(word);
    return words;
}

}  // namespace

TEST_CASE("there are as many commands as people were promised") {
    const auto all = everyCommand();
    CHECK(all.size() >= 28);
    for (const char* name :
         {"init", "doctor", "check", "config check", "outbox retry", "ignores test", "routes test"})
        CHECK_MESSAGE(
            std::ranges::any_of(all, [&](const Words& words) { return joined(words) == name; }),
            name);
}

TEST_CASE(
    "the help of every command that does something begins with examples that are understood") {
    for (const auto& command : everyCommand()) {
        const std::string path = joined(command);
        const bool isGroup = path == "config" || path == "channels" || path == "routes";
        const auto examples = examplesOf(path);
        CHECK_MESSAGE(examples.empty() == isGroup, path);
        const std::string help = helpOf(command);
        if (!isGroup) CHECK_MESSAGE(help.find("Examples:") < help.find("Usage:"), path);
        for (const auto example : examples) {
            CHECK(help.find(example) != std::string::npos);
            Words words = shellWords(example);
            REQUIRE(words.front() == "driftkeeper");
            words.erase(words.begin());
            const auto line = parse(words);
            CHECK_MESSAGE(line.options.has_value(), std::string(example) << ": " << line.text);
        }
    }
}

TEST_CASE("no help shows the words of the library that reads the command line") {
    for (const auto& command : everyCommand()) {
        const std::string help = helpOf(command);
        for (const char* word : {"REQUIRED", "Excludes", "Needs", "TEXT:", "SUBCOMMAND",
                                 "STACK STACK", "FILE FILE", "DIR DIR"})
            CHECK_MESSAGE(!help.contains(word), joined(command) << " " << word);
    }
    CHECK(helpOf({"check"}).contains("--format text|json|junit|markdown"));
}

TEST_CASE("every flag that a help names is completed, and nothing else is") {
    for (const auto& command : everyCommand()) {
        Words typed = command;
        typed.emplace_back("--");
        const Words completed = completionOf(typed).words;
        const std::string help = helpOf(command);
        Words named;
        std::istringstream lines(
            help.substr(help.find("Options:") == std::string::npos ? 0 : help.find("Options:")));
        for (std::string line; std::getline(lines, line);) {
            const auto from = line.find("--");
            if (!line.starts_with("  -") || from == std::string::npos || from > 6) continue;
            named.push_back(line.substr(from, line.find_first_of(" ,=\n", from) - from));
        }
        CHECK(!named.empty());
        for (const auto& flag : named)
            CHECK_MESSAGE(std::ranges::find(completed, flag) != completed.end(),
                          joined(command) << " " << flag);
        for (const auto& flag : completed)
            CHECK_MESSAGE(std::ranges::find(named, flag) != named.end(), joined(command)
                                                                             << " " << flag);
    }
}

TEST_CASE("what may stand at a place is known") {
    struct Row {
        Words words;
        Words wanted;
        const char* kind;
    };
    const Row rows[] = {
        {{"st"}, {"stacks"}, ""},
        {{"outbox", "r"}, {"retry"}, ""},
        {{"check", "--format", ""}, {"text", "json", "junit", "markdown"}, ""},
        {{"check", "--format", "j"}, {"json", "junit"}, ""},
        {{"check", "--format=j"}, {"--format=json", "--format=junit"}, ""},
        {{"check", "--format", "=", "ju"}, {"junit"}, ""},
        {{"check", "--format", "="}, {"text", "json", "junit", "markdown"}, ""},
        {{"routes", "test", "--side", "l"}, {"live"}, ""},
        {{"show", ""}, {}, "STACK"},
        {{"show", "infra/"}, {}, "STACK"},
        {{"show", "infra/a", ""}, {}, ""},
        {{"run", "--url", "http://127.0.0.1:1", ""}, {}, "STACK"},
        {{"check", ""}, {}, "DIR"},
        {{"check", "--config", ""}, {}, "FILE"},
        {{"check", "--stack", ""}, {}, "STACK"},
        {{"silence", "--end", ""}, {}, "SILENCE"},
        {{"outbox", "show", ""}, {}, "DELIVERY"},
        {{"channels", "test", ""}, {}, "CHANNEL"},
        {{"ignores", "test", ""}, {}, "RULE"},
        {{"nothing", "such", ""}, {}, ""},
    };
    for (const auto& row : rows) {
        const auto completion = completionOf(row.words);
        if (row.words.front() != "nothing")
            CHECK_MESSAGE(completion.words == row.wanted, joined(row.words));
        CHECK_MESSAGE(completion.kind == row.kind, joined(row.words));
    }
}

}  // namespace help_test
