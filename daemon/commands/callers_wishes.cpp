#include "daemon/commands/callers_wishes.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>

#include "parsers/text/printable.hpp"
#include "providers/catalog.hpp"

namespace driftkeeper {
namespace {

namespace fs = std::filesystem;

bool isOfTerraform(const DiscoveredStack& stack) {
    const ProviderKind* const kind = providerKind(stack.provider);
    return kind != nullptr && std::ranges::any_of(kind->options, [](const OptionSpec& spec) {
               return spec.key == "workspace";
           });
}

// From the caller's folder where such a file is there, else from the stack's.
std::string fileFromHere(const std::string& given) {
    std::error_code error;
    const fs::path here = fs::absolute(given, error);
    return !error && fs::exists(here, error) ? here.lexically_normal().string() : given;
}

}  // namespace

CallersWishes::CallersWishes(const Options& options, const Environment& caller) {
    const std::string workspace =
        options.workspace.empty() ? valueOf(caller, "TF_WORKSPACE") : options.workspace;
    if (!workspace.empty()) wished_["workspace"] = {workspace};
    if (const std::string data = valueOf(caller, "TF_DATA_DIR"); !data.empty())
        wished_["data_directory"] = {data};
    for (const std::string& file : options.variableFiles)
        wished_["variable_files"].push_back(fileFromHere(file));
    for (const std::string& setting : options.backendConfig)
        wished_["backend_config"].push_back(setting.contains('=') ? setting
                                                                  : fileFromHere(setting));
    for (const auto& [name, value] : caller)
        if (name.starts_with("TF_CLI_ARGS") && !value.empty()) unheeded_.push_back(name);
}

OptionValues CallersWishes::of(const DiscoveredStack& stack) const {
    OptionValues result = stack.options;
    if (isOfTerraform(stack))
        for (const auto& [key, values] : wished_) result[key] = values;
    return result;
}

std::string CallersWishes::notHeeded(const std::vector<DiscoveredStack>& stacks) const {
    if (std::ranges::none_of(stacks, isOfTerraform)) return {};
    std::string text;
    for (const std::string& name : unheeded_)
        text += fmt::format(
            "driftkeeper: {} is not used. Give files of values with --var-file and settings of the "
            "backend with --backend-config.\n",
            printable(name));
    return text;
}

}  // namespace driftkeeper
