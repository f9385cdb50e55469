#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "parsers/yaml/text_positions.hpp"

namespace driftkeeper {

// One thing that is wrong in a settings file. Holds no secret: of a value only what its kind makes
// harmless is repeated, and of its line only known keys and the mistake itself.
struct SettingsMistake {
    std::string file;
    TextPosition position;
    std::string keyPath;    // repositories[0].stacks[1].every; empty for the whole file
    std::string code;       // stable: settings/unknown_key
    std::string message;    // one sentence, with "did you mean" where there is a guess
    std::string excerpt;    // the line with … for what is not shown; may be empty
    std::size_t caret = 0;  // columns before the caret in the excerpt
};

// For a terminal: file:line:column: message [code], the key path, the excerpt with a caret; one
// after the other.
std::string render(const std::vector<SettingsMistake>& mistakes);

// Sets excerpt and caret from the mistake's line: `shown` code points from its column on are
// repeated.
void addExcerpt(SettingsMistake& mistake, std::string_view line, std::size_t shown);

}  // namespace driftkeeper
