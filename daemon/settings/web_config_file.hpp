#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "daemon/model/settings.hpp"
#include "daemon/model/web_config.hpp"
#include "daemon/settings/settings_mistake.hpp"

namespace driftkeeper {

// `config` counts only when there are no mistakes; those come in the order of the file, all at
// once. Codes as in settings_file.hpp, and bad_bcrypt, bad_header. File names in it are counted
// from its own folder.
struct LoadedWebConfig {
    WebConfig config;
    std::vector<SettingsMistake> mistakes;
};

LoadedWebConfig parseWebConfig(std::string_view text, const std::filesystem::path& file);

// The web config file that the settings name, at most 1 MiB, read now. Nothing when they name none.
// Beyond loopback it has to bring TLS, and users where the settings have no tokens. Operators are
// users of it.
LoadedWebConfig loadWebConfig(const Settings& settings);

}  // namespace driftkeeper
