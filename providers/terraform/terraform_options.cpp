#include "providers/terraform/terraform_options.hpp"

namespace driftkeeper::terraform {

TerraformOptions terraformOptionsOf(const Workspace& workspace) {
    const auto& given = workspace.options;
    TerraformOptions options;
    options.program = optionOf(given, "program");
    for (const auto& one : listOf(given, "programs")) {
        const auto sign = one.find('=');  // VERSION=PROGRAM
        options.programs.emplace(one.substr(sign + 1), one.substr(0, sign));
    }
    options.cliConfigFile = optionOf(given, "cli_config_file");
    options.pluginCache = optionOf(given, "plugin_cache");
    options.workspace = optionOf(given, "workspace");
    if (options.workspace.empty() && !workspace.workingTree) options.workspace = "default";
    options.dataDirectory = optionOf(given, "data_directory");
    options.variableFiles = listOf(given, "variable_files");
    options.backendConfig = listOf(given, "backend_config");
    return options;
}

}  // namespace driftkeeper::terraform
