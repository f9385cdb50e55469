#pragma once

#include <string_view>
#include <vector>

#include "daemon/model/settings.hpp"
#include "daemon/settings/match_words.hpp"
#include "daemon/settings/section.hpp"

namespace driftkeeper {

inline constexpr std::string_view matchHelp =
    "What to match: every key must match, by any item of its list.";

// The parts of the settings, each read from its place. Mistakes go to the reading.

void readChecks(Reading& reading, const Place& place, CheckSettings& checks);
void readNetwork(Reading& reading, const Place& place, NetworkSettings& network);
void readSandbox(Reading& reading, const Place& place, SandboxSettings& sandbox);
// What people read of `providers`.
std::string providersHelp();
void readProviders(Reading& reading, const Place& place,
                   std::map<std::string, ProviderSettings>& providers);
void readRepositories(Reading& reading, const Place& place,
                      std::vector<RepositorySettings>& repositories);
void readChannels(Reading& reading, const Place& place, std::vector<ChannelSettings>& channels);
// `channels`: those that a route may name.
void readRoutes(Reading& reading, const Place& place, const std::vector<ChannelSettings>& channels,
                std::vector<RouteSettings>& routes);
void readRouteMatch(Reading& reading, const Place& place, RouteMatch& match);
// A time of the day as 22:00, since midnight, at most `most`.
void readClockTime(Reading& reading, const Place& place, Seconds& value, Seconds most);
// What a rule is about; a rule that is about nothing is a mistake.
void readRuleMatch(Reading& reading, const Place& place, RuleMatch& match);
void readMutes(Reading& reading, const Place& place, std::vector<MuteWindow>& mutes);
void readAccess(Reading& reading, const Place& place, AccessSettings& access);
// `repositories`: those that a hook may name.
void readHooks(Reading& reading, const Place& place,
               const std::vector<RepositorySettings>& repositories,
               std::vector<HookSettings>& hooks);
// Tells of an address beyond loopback without what is required there. Whether the web config file
// has it is asked by whoMayAsk (web_config_file.hpp).
void judgeListening(Reading& reading, const Place& listen, const Settings& settings);
void readHeartbeat(Reading& reading, const Place& place,
                   std::optional<HeartbeatSettings>& heartbeat);

// The key that `spec` describes, with what is given at it. `folder`: where inner paths are counted
// from.
void readOption(Section& section, const OptionSpec& spec, const std::string& folder,
                OptionValues& options);
// Paths from a stack's folder that stay in the repository.
void readInnerPaths(Reading& reading, const Place& place, const std::string& folder,
                    std::vector<std::string>& values);
// Tells of a path that is counted from a stack's folder and leads out of the repository.
void judgeInStack(Reading& reading, const Place& item, const std::string& folder,
                  const std::string& path);

// The list of ignore rules, the same in the settings and in a repository. `origin` names the rules
// NAME/…; with `builtinsOff`, items may switch built-in ones off.
void readIgnores(Reading& reading, const Place& place, const std::string& origin,
                 std::vector<IgnoreRule>& rules, std::vector<std::string>* builtinsOff);

// Rules of severity, named settings/PATH after their place.
void readSeverities(Reading& reading, const Place& place, std::vector<SeverityRule>& rules);

// Tells of a value that stands for something at an earlier line too.
template <class Earlier>
void refuseRepeated(Reading& reading, const Place& place, const std::string& value,
                    Earlier& earlier, std::string_view what) {
    const auto [first, isNew] = earlier.try_emplace(value, place.node->position.line);
    if (isNew) return;
    reading.mistake(place, "repeated_name",
                    std::string(what) + " has the name of the one in " +
                        reading.lineOf(first->second, place.node->position) + "; give it another");
}

}  // namespace driftkeeper
