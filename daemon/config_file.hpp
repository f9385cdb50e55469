#pragma once

#include <filesystem>
#include <string>

#include "daemon/cli/options.hpp"
#include "daemon/settings/settings_file.hpp"

namespace driftkeeper {

inline std::filesystem::path configFileOf(const Options& options) {
    return options.configFile.empty() ? "/etc/driftkeeper/driftkeeper.yaml" : options.configFile;
}

// Where the daemon of these settings is reached.
inline std::string daemonUrl(const Settings& settings) {
    const bool isV6 = settings.listenAddress.find(':') != std::string::npos;
    const std::string host = isV6 ? "[" + settings.listenAddress + "]" : settings.listenAddress;
    return "http://" + host + ":" + std::to_string(settings.listenPort);
}

}  // namespace driftkeeper
