#pragma once

#include <array>
#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "parsers/source/option_spec.hpp"
#include "providers/look/provider.hpp"
#include "providers/look/provider_kind.hpp"

namespace driftkeeper::terraform {

// Keys that the whole family has.
inline constexpr std::array familyOptions = {
    OptionSpec{
        .key = "programs",
        .kind = OptionSpec::Kind::Programs,
        .place = OptionSpec::Place::Provider,
        .help =
            "More programs to choose from, by .terraform-version and required_version: a list, or "
            "VERSION: PROGRAM.",
        .example = R"({ "1.5.7": /opt/terraform-1.5.7/terraform })"},
    OptionSpec{.key = "cli_config_file",
               .kind = OptionSpec::Kind::SecretFile,
               .place = OptionSpec::Place::Provider,
               .help = "The tool's CLI configuration.",
               .example = "/etc/driftkeeper/terraformrc"},
    OptionSpec{
        .key = "plugin_cache",
        .kind = OptionSpec::Kind::CacheFolder,
        .place = OptionSpec::Place::Provider,
        .help = "Shared by all stacks. Default: below $CACHE_DIRECTORY or the state directory.",
        .example = "/var/cache/driftkeeper/plugins",
        .fallback = "plugins"},
    OptionSpec{.key = "workspace",
               .kind = OptionSpec::Kind::WorkspaceName,
               .place = OptionSpec::Place::Stack,
               .help = "Of terraform, tofu or terragrunt.",
               .fallback = "default"},
    OptionSpec{.key = "variable_files",
               .kind = OptionSpec::Kind::InnerPaths,
               .place = OptionSpec::Place::Stack,
               .help = "From the stack's folder, within the repository.",
               .example = "[prod.tfvars]"},
    OptionSpec{.key = "backend_config",
               .kind = OptionSpec::Kind::KeyValues,
               .place = OptionSpec::Place::Stack,
               .help = "Files from the stack's folder, or KEY=VALUE.",
               .example = R"([prod.backend.hcl, "key=prod"])"},
};

// Of terraform and terragrunt.
inline constexpr ShellFile shellFiles[] = {
    {.key = "cli_config_file", .variable = "TF_CLI_CONFIG_FILE", .homeFile = ".terraformrc"}};

// Those and a kind's own, which come first.
template <std::size_t count>
constexpr auto withFamilyOptions(const OptionSpec (&own)[count]) {
    std::array<OptionSpec, count + familyOptions.size()> all;
    for (std::size_t i = 0; i < count; ++i) all[i] = own[i];
    for (std::size_t i = 0; i < familyOptions.size(); ++i) all[count + i] = familyOptions[i];
    return all;
}

// What they say of one look.
struct TerraformOptions {
    std::string program;  // name on PATH or path; empty: the provider's default
    std::map<std::string, std::string>
        programs;  // more to choose from: path -> version; empty: it is to be asked
    std::filesystem::path cliConfigFile;  // empty: none
    std::filesystem::path pluginCache;    // shared between stacks; empty: none
    std::string workspace;                // empty: what the working tree selects
    std::string dataDirectory;  // where the owner of a working tree initialised it, from the
                                // stack's folder or absolute; empty: .terraform
    std::vector<std::string> variableFiles;  // from the stack's folder, or absolute
    std::vector<std::string>
        backendConfig;  // files (from the stack's folder, or absolute) or key=value
};
TerraformOptions terraformOptionsOf(const Workspace& workspace);

}  // namespace driftkeeper::terraform
