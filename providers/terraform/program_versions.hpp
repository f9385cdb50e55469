#pragma once

#include <filesystem>
#include <map>
#include <mutex>
#include <string>
#include <vector>

#include "parsers/terraform/version.hpp"
#include "providers/look/provider.hpp"
#include "providers/look/timed_runner.hpp"
#include "providers/terraform/calls.hpp"

// Which of several programs looks at a stack.
namespace driftkeeper::terraform {

// Where a program lies and which build it is: path, inode, size, time of change. Its name when it
// cannot be found.
std::string buildOf(const std::string& program, const Environment& environment,
                    const std::filesystem::path& directory);

// What a stack asks for: the nearest `versionFile` from its folder up to the root of the tree, and
// `required`.
VersionDemand versionDemand(const std::filesystem::path& directory,
                            const std::filesystem::path& root, std::string_view versionFile,
                            std::vector<std::string> required, const Sight& sight = {});

// One program to choose from.
struct Candidate {
    std::string program;
    std::string version;  // what the settings say of it; empty: it is to be asked
};

// `program`, unless it is nowhere and there are others, and those that the settings give.
std::vector<Candidate> candidatesOf(const Workspace& workspace, const std::string& program,
                                    const Environment& environment);

// How a program is asked.
struct Asking {
    const Session& session;
    TimedRunner& runner;
    ToolName tool;
};

// The versions of programs, asked once a build. Thread-safe: one for all stacks of a provider.
class ProgramVersions {
public:
    // Starts the program when its version is not known. `tool_too_old` when it does not print its
    // version as JSON. A failure is not kept.
    Outcome<Version> of(const std::string& program, const Asking& asking);

    // The program that fits the demand, of those that can be asked; the settings' word is verified
    // for the one that is chosen. `no_fitting_version` when none fits, and the reason of the last
    // failure when none could be asked at all.
    Outcome<std::string> choose(const std::vector<Candidate>& candidates,
                                const VersionDemand& demand, const Asking& asking);

private:
    std::mutex mutex_;
    std::map<std::string, Version> known_;  // by build
};

}  // namespace driftkeeper::terraform
