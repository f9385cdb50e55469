#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "daemon/settings/setting_node.hpp"

namespace driftkeeper {

// What people are told of a key, in the schema and in the example.
struct KeyHelp {
    std::string_view path;       // the end of paths that it is about: match.stack; the longest row that fits counts
    std::string_view help;       // "Default: …" where that is no fixed value
    std::string_view example{};  // YAML in one line; where there is a default, that
};

std::span<const KeyHelp> keyHelps();
const KeyHelp* helpOf(const SettingNode& node);  // nullptr: none

// The fixed default: one value, or those of a list; empty: none.
std::vector<std::string> fixedDefault(const SettingNode& node);

}  // namespace driftkeeper
