#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "parsers/json/value_tags.hpp"
#include "parsers/terraform/plan.hpp"
#include "providers/look/provider.hpp"
#include "providers/terraform/calls.hpp"

// What a plan follows from beside the repository: the environment and files of values that the
// settings give, and the modules that init fetched.
namespace driftkeeper::terraform {

// A module from elsewhere, as init's manifest has it.
struct InstalledModule {
    std::string key;     // "a.b": module.a.module.b
    std::string source;  // as it was fetched: git::https://…?ref=main
    std::string version;
    std::string commit;  // of a Git module that is there; empty: not known
};
std::vector<InstalledModule> installedModules(const std::filesystem::path& dataDirectory);

// By a stable name -> the tag of what it is; no secret in either.
using Inputs = std::map<std::string, std::string>;
Inputs inputsOf(const Workspace& workspace, const Session& session,
                const std::vector<InstalledModule>& modules, const ValueTags& tags);

// Those that came, went or are others now. A module that was asked for otherwise is Git's own.
std::vector<MovedInput> movedInputs(const Inputs& then, const Inputs& now);

}  // namespace driftkeeper::terraform
