#pragma once

#include <string_view>
#include <vector>

#include "daemon/model/settings.hpp"
#include "daemon/settings/section.hpp"

namespace driftkeeper {

// The parts of the settings, each read from its place. Mistakes go to the reading.

inline const std::vector<std::string_view> providerNames{"terraform",      "opentofu", "terragrunt", "kubernetes",
                                                         "cloudformation", "flux",     "argocd",     "state"};

void readChecks(Reading& reading, const Place& place, CheckSettings& checks);
void readProviders(Reading& reading, const Place& place, std::map<std::string, ProviderSettings>& providers);
void readRepositories(Reading& reading, const Place& place, std::vector<RepositorySettings>& repositories);
void readChannels(Reading& reading, const Place& place, std::vector<ChannelSettings>& channels);
// `channels`: those that a route may name.
void readRoutes(Reading& reading, const Place& place, const std::vector<ChannelSettings>& channels,
                std::vector<RouteSettings>& routes);
void readHeartbeat(Reading& reading, const Place& place, std::optional<HeartbeatSettings>& heartbeat);

// Tells of a value that stands for something at an earlier line too.
template <class Earlier>
void refuseRepeated(Reading& reading, const Place& place, const std::string& value, Earlier& earlier,
                    std::string_view what) {
    const auto [first, isNew] = earlier.try_emplace(value, place.node->position.line);
    if (isNew) return;
    reading.mistake(place, "repeated_name",
                    std::string(what) + " has the name of the one in line " + std::to_string(first->second));
}

}  // namespace driftkeeper
