#pragma once

#include <filesystem>

#include "daemon/cli/options.hpp"
#include "daemon/settings/settings_file.hpp"

namespace driftkeeper {

inline std::filesystem::path configFileOf(const Options& options) {
    return options.configFile.empty() ? "/etc/driftkeeper/driftkeeper.yaml" : options.configFile;
}

}  // namespace driftkeeper
