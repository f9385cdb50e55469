#pragma once

#include <filesystem>
#include <string>

#include "daemon/settings/settings_file.hpp"
#include "daemon/settings/url.hpp"
#include "daemon/settings/web_config_file.hpp"

namespace driftkeeper {

inline std::filesystem::path configFileOf(const std::filesystem::path& given) {
    return given.empty() ? "/etc/driftkeeper/driftkeeper.yaml" : given;
}

// Where the daemon of these settings is reached. Beyond loopback there is always TLS; on it, where
// the web config file has it and can be read.
inline std::string daemonUrl(const Settings& settings) {
    std::string host = settings.listenAddress;
    if (host == "0.0.0.0") host = "127.0.0.1";
    if (host == "::") host = "::1";
    const bool isV6 = host.find(':') != std::string::npos;
    const bool isSecure = !isLoopback(settings.listenAddress) || loadWebConfig(settings).config.tls;
    return (isSecure ? "https://" : "http://") + (isV6 ? "[" + host + "]" : host) + ":" +
           std::to_string(settings.listenPort);
}

}  // namespace driftkeeper
