#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "daemon/model/settings.hpp"
#include "daemon/settings/environment_file.hpp"
#include "daemon/settings/setting_node.hpp"
#include "daemon/settings/settings_mistake.hpp"

namespace driftkeeper {

// `settings` counts only when there are no mistakes. Mistakes come in the order of the file, all of
// them at once (a text that is no YAML has only those of its syntax). Codes: settings/ and one of
//   unreadable too_large · what parsers/yaml says: syntax invalid_utf8 control_character
//   repeated_key unknown_anchor recursive_alias too_deep tag key_not_scalar several_documents ·
//   unknown_key missing_key both_given wrong_type unknown_value out_of_range bad_duration
//   bad_size bad_name bad_text bad_path bad_ref bad_url password_in_url bad_glob
//   bad_backend_config bad_listen bad_peer listen_not_loopback unknown_time_zone
//   bad_variable_name forbidden_variable unknown_variable no_state_directory repeated_name
//   unknown_channel no_reader bad_attribute bad_date bad_clock_time empty_match bad_address
//   password_in_clear other_provider · included_nothing nested_include given_twice
struct LoadedSettings {
    Settings settings;
    std::vector<SettingsMistake> mistakes;
};

// Reads at most 1 MiB of text. The variables give STATE_DIRECTORY, XDG_STATE_HOME, HOME and
// CREDENTIALS_DIRECTORY.
LoadedSettings parseSettings(std::string_view text, const std::string& fileName,
                             const VariableLookup& variables = processEnvironment());

// With the files that `include` names, which parseSettings leaves alone. `noted` gets what is in
// force, key by key, secrets hidden.
LoadedSettings loadSettings(const std::filesystem::path& path,
                            const VariableLookup& variables = processEnvironment(),
                            SettingNode* noted = nullptr);

// Every key of the settings, as the readers read them. Lasts as long as the program.
const SettingNode& settingsDescription();

}  // namespace driftkeeper
