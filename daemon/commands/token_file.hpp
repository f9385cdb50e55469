#pragma once

#include <filesystem>
#include <string>

namespace driftkeeper {

// The token that operates the daemon, as this process can see it.
struct TokenFile {
    std::filesystem::path path;
    std::string token;    // empty: could not be read
    std::string trouble;  // then: why, and what to do; one sentence each
    std::string fix;
};

// Looks in `stateDirectory` (may be empty), and, when there is none, in that of the package:
// systemd tells the service where its state is, and nobody tells a shell.
TokenFile readTokenFile(const std::filesystem::path& stateDirectory);

// "driftkeeper:driftkeeper, mode 0640" of a file or folder; empty: it cannot be asked.
std::string ownership(const std::filesystem::path& path);

// The group that owns it; empty: it cannot be asked.
std::string groupOf(const std::filesystem::path& path);

}  // namespace driftkeeper
