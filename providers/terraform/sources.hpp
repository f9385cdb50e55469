#pragma once

#include <filesystem>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "parsers/terraform/configuration.hpp"
#include "parsers/terraform/state_ties.hpp"
#include "providers/look/sight.hpp"

namespace driftkeeper::terraform {

// The configuration of a stack and of the modules it uses, as far as they lie on this disk.
struct Sources {
    Configuration root;
    std::set<std::filesystem::path> folders;       // of configuration, absolute, normal
    std::string setupText;                         // all of the configuration that init depends on
    Modules modules;                               // the root's and theirs
    std::vector<std::string> requiredVersions;     // of all of them
    std::vector<std::string> requiredOfTerraform;  // the same, as Configuration has it
    // By module path, as PlanContext wants them.
    std::map<std::string, std::vector<std::string>> ignoreChanges;
    std::map<std::string, std::map<std::string, std::vector<std::string>>> locals;
};

// Reads the folder and follows local module calls. Broken and missing files give what could be
// read.
Sources readSources(const std::filesystem::path& directory, Language language = Language::Terraform,
                    const Sight& sight = {});

// Adds the modules that init has installed from registries and repositories, by
// TF_DATA_DIR/modules/modules.json.
void addInstalledModules(Sources& sources, const std::filesystem::path& directory,
                         const std::filesystem::path& dataDirectory,
                         Language language = Language::Terraform, const Sight& sight = {});

}  // namespace driftkeeper::terraform
