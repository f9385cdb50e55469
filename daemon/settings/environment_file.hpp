#pragma once

#include <filesystem>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "daemon/settings/settings_mistake.hpp"
#include "parsers/result.hpp"

namespace driftkeeper {

using Environment = std::map<std::string, std::string>;

// A variable of the daemon's own environment; nullopt when it is not set.
using VariableLookup = std::function<std::optional<std::string>(std::string_view)>;
VariableLookup processEnvironment();

// NAME=VALUE a line; blank lines, and lines that begin with '#' or ';', are skipped; `export ` in
// front is allowed. 'VALUE' is taken as it stands, in "VALUE" \" \\ \$ \` and \n are escapes;
// otherwise blanks at the ends are dropped.
struct LoadedEnvironment {
    Environment variables;
    std::vector<SettingsMistake> mistakes;
};
LoadedEnvironment parseEnvironment(std::string_view text, const std::string& fileName);

// A stack's environment_file, read at each use. Fails with `file_unreadable` or
// `bad_environment_file` (FixSetup); the message names the line and no value.
Result<Environment> readEnvironmentFile(const std::filesystem::path& path);

}  // namespace driftkeeper
