#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "parsers/terraform/backend.hpp"
#include "parsers/terraform/configuration.hpp"
#include "providers/look/sight.hpp"

namespace driftkeeper::terraform {

// Where a local backend keeps the state of a workspace.
struct LocalState {
    std::filesystem::path path;  // absolute, on the host
    bool isRelative = false;     // as the configuration gives it: it lies in the working directory
    bool isInTree = false;       // tools see it with the tree
};

// The settings of the backend block as -backend-config changes them: files from `directory`, or
// NAME=VALUE.
BackendSettings backendSettingsOf(const Configuration& configuration,
                                  const std::filesystem::path& directory,
                                  const std::vector<std::string>& backendConfig,
                                  const Sight& sight = {});

// The settings that the block leaves open and an earlier init was given, as NAME=VALUE: from the
// data folder of that init. Empty: none, or it was another backend. May hold secrets.
std::vector<std::string> backendConfigOfInit(const Configuration& configuration,
                                             const std::filesystem::path& dataDirectory);

// What the stack's own state is called (backend.hpp); nullopt: not known.
std::optional<std::string> stateKeyOf(const Configuration& configuration,
                                      const std::filesystem::path& directory,
                                      std::string_view workspace,
                                      const std::vector<std::string>& backendConfig,
                                      const Sight& sight = {});

// Gives what the backend block does not say as a literal the values that init found for it, by what
// it left in its data directory.
void takeInitialisedBackend(Configuration& configuration,
                            const std::filesystem::path& dataDirectory);

// nullopt: another backend, or a path that cannot be told without evaluating.
std::optional<LocalState> localStateOf(const Configuration& configuration,
                                       const std::filesystem::path& directory,
                                       std::string_view workspace,
                                       const std::vector<std::string>& backendConfig,
                                       const Sight& sight = {});

// Who holds the lock of a local state: a live process does, and the lock file beside it tells which
// operation by whom
// ("apply by ci@host"). nullopt: nobody; what a killed run left behind is no lock.
std::optional<std::string> lockHolder(const std::filesystem::path& state);

}  // namespace driftkeeper::terraform
