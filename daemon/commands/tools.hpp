#pragma once

#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "daemon/model/settings.hpp"
#include "daemon/wording/diagnosis.hpp"
#include "providers/process/tool_runner.hpp"

// The programs that providers run, as they are on this host: for `init` and `doctor`.
namespace driftkeeper {

// One program that a provider needs.
struct ToolNeed {
    std::string provider;
    std::string program;                 // a name on PATH or a path
    std::vector<std::string> arguments;  // that make it say its version
    std::string least;                   // the oldest version that can be used; empty: any
    std::string alternative;             // another program that does as well; empty: none
    bool operator==(const ToolNeed&) const = default;
};

// What the providers need, with the programs that the settings name. Pure.
std::vector<ToolNeed> toolNeeds(const std::set<std::string>& providers, const Settings& settings);

// The first version in what a program says of itself, without a leading v; empty: none. Pure.
std::string versionIn(std::string_view said);

// Starts it (10 s at most) and says what it found.
Diagnosis diagnoseTool(const ToolNeed& need, ToolRunner& runner, std::stop_token stop);

}  // namespace driftkeeper
