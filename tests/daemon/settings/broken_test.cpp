#include <doctest/doctest.h>

#include <fstream>
#include <set>
#include <sstream>

#include "daemon/settings/settings_file.hpp"

// broken.txt: `=== what is wrong`, the settings, `--- told` (or `--- told, and no schema sees it`),
// and what people read.
using namespace driftkeeper;

namespace broken_test {
namespace {

struct Broken {
    std::string title;
    std::string settings;
    std::string told;
};

std::vector<Broken> allBroken() {
    std::ifstream file(DRIFTKEEPER_SOURCE_DIR "/tests/daemon/settings/broken.txt");
    std::vector<Broken> all;
    bool isTold = false;
    for (std::string line; std::getline(file, line);) {
        if (line.starts_with("=== ")) {
            all.push_back({line.substr(4), "", ""});
            isTold = false;
        } else if (line.starts_with("--- told")) {
            isTold = true;
        } else if (!all.empty()) {
            (isTold ? all.back().told : all.back().settings) += line + "\n";
        }
    }
    return all;
}

std::optional<std::string> home(std::string_view name) {
    return name == "HOME" ? std::optional<std::string>("/h") : std::nullopt;
}

// The list in settings_file.hpp: its words that are codes.
std::set<std::string> documentedCodes() {
    std::ifstream file(DRIFTKEEPER_SOURCE_DIR "/daemon/settings/settings_file.hpp");
    std::stringstream text;
    text << file.rdbuf();
    const auto header = text.str();
    const auto begin = header.find("one of\n", header.find("Codes: settings/")) + 7;
    std::istringstream words(header.substr(begin, header.find("struct LoadedSettings") - begin));
    std::set<std::string> codes;
    for (std::string word; words >> word;) {
        const bool isWord =
            word.find_first_not_of("abcdefghijklmnopqrstuvwxyz_0123456789") == word.npos;
        const bool isCode = word.find('_') != word.npos || word == "syntax" || word == "tag" ||
                            word == "unreadable";
        if (isWord && isCode) codes.insert("settings/" + word);
    }
    return codes;
}

}  // namespace

TEST_CASE("each broken file is told with its place, key path, code and what to do") {
    const auto all = allBroken();
    CHECK(all.size() >= 140);
    std::set<std::string> titles;
    for (const auto& [title, settings, told] : all) {
        CAPTURE(title);
        CHECK(titles.insert(title).second);
        const auto mistakes = parseSettings(settings, "x.yaml", home).mistakes;
        CHECK_FALSE(mistakes.empty());
        CHECK(render(mistakes) == told);
    }
}

TEST_CASE("every code that is told is in the list of the header, and every one of these is told") {
    // Of what is no settings text at all, or several files: settings_file_test.cpp,
    // include_test.cpp, parsers/yaml.
    std::set<std::string> told{"settings/unreadable",       "settings/too_large",
                               "settings/invalid_utf8",     "settings/control_character",
                               "settings/recursive_alias",  "settings/too_deep",
                               "settings/included_nothing", "settings/nested_include",
                               "settings/given_twice",      "settings/no_state_directory"};
    for (const auto& broken : allBroken())
        for (const auto& mistake : parseSettings(broken.settings, "x.yaml", home).mistakes)
            told.insert(mistake.code);
    CHECK(told == documentedCodes());
}

TEST_CASE("a text that is no UTF-8, or has nowhere to keep its state, is told as such") {
    const auto codeOf = [](const std::string& text, const VariableLookup& variables) {
        const auto mistakes = parseSettings(text, "x.yaml", variables).mistakes;
        return mistakes.size() == 1 ? mistakes[0].code : "";
    };
    CHECK(codeOf("time_zone: \xFF\n", home) == "settings/invalid_utf8");
    CHECK(codeOf("time_zone: \x01\n", home) == "settings/control_character");
    CHECK(codeOf("", [](std::string_view) { return std::nullopt; }) ==
          "settings/no_state_directory");
}

}  // namespace broken_test
