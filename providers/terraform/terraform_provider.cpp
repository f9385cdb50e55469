#include "providers/terraform/terraform_provider.hpp"

#include <algorithm>
#include <set>

#include "parsers/terraform/backend.hpp"
#include "parsers/terraform/configuration.hpp"
#include "parsers/terraform/language_evidence.hpp"
#include "providers/look/environment.hpp"
#include "providers/look/files.hpp"
#include "providers/look/provider_of.hpp"
#include "providers/process/find_program.hpp"
#include "providers/terraform/backend_credentials.hpp"
#include "providers/terraform/local_state.hpp"
#include "providers/terraform/look.hpp"
#include "providers/terraform/program_versions.hpp"
#include "providers/terraform/sources.hpp"
#include "providers/terraform/terraform_options.hpp"

namespace driftkeeper {
namespace {

constexpr std::size_t largestState = std::size_t{16} << 20;  // larger ones are not asked

// Where the files of a stack do not say whose it is: by the state that lies outside of the tree.
bool isStateOpenTofus(const Workspace& workspace, const terraform::TerraformOptions& options) {
    const auto sources = terraform::readSources(workspace.directory, terraform::Language::Terraform,
                                                workspace.sight);
    const auto state = terraform::localStateOf(sources.root, workspace.directory, options.workspace,
                                               options.backendConfig, workspace.sight);
    const auto text = state ? fileText(state->path, largestState) : std::nullopt;
    if (!text) return false;
    std::set<std::string> named;
    for (const auto& [path, module] : sources.modules)
        for (const auto& [name, source] : module.requiredProviders)
            terraform::addRegistriesNamedBy('"' + source + '"', named);
    return terraform::languageByRegistries(*text, named) == terraform::Language::OpenTofu;
}

// A stack whose files say nothing is looked at by the program that is there; by OpenTofu also where
// its environment or its state is what only OpenTofu knows.
const terraform::Flavour& flavourFor(const Workspace& workspace, const terraform::Flavour& usual) {
    const auto environment = lookEnvironment(workspace, callerEnvironment());
    const auto isThere = [&, path = valueOf(environment, "PATH")](const terraform::Flavour& one) {
        return findProgram(std::string(one.tool.tool), path, workspace.directory).has_value();
    };
    const auto& other = terraform::openTofuFlavour;
    const auto options = terraform::terraformOptionsOf(workspace);
    const bool isOpen = &usual != &other && options.program.empty() && options.programs.empty();
    if (!isOpen || !isThere(other)) return usual;
    const auto demand =
        terraform::versionDemand(workspace.directory, workspace.root, usual.versionFile, {});
    if (demand.request) return usual;
    const bool isOthers = !isThere(usual) || environment.contains("TF_ENCRYPTION") ||
                          isStateOpenTofus(workspace, options);
    return isOthers ? other : usual;
}

std::unique_ptr<Provider> flavoured(const terraform::Flavour& flavour, ToolRunner& runner,
                                    const ValueTags& tags) {
    return providerOf(flavour.tool.provider,
                      [&flavour, &runner, &tags, shared = std::make_unique<terraform::Shared>()](
                          const auto& workspace, const auto& lastClean, std::stop_token stop) {
                          return terraform::Look(flavourFor(workspace, flavour), *shared, runner,
                                                 tags, workspace, lastClean, std::move(stop))
                              .report();
                      });
}

}  // namespace

std::unique_ptr<Provider> makeTerraformProvider(ToolRunner& runner, const ValueTags& tags) {
    return flavoured(terraform::terraformFlavour, runner, tags);
}

std::unique_ptr<Provider> makeOpenTofuProvider(ToolRunner& runner, const ValueTags& tags) {
    return flavoured(terraform::openTofuFlavour, runner, tags);
}

namespace {

constexpr OptionSpec terraformOwn[] = {
    {.key = "program",
     .kind = OptionSpec::Kind::Program,
     .place = OptionSpec::Place::Provider,
     .help = "A name on PATH or a path. Default: terraform.",
     .example = "terraform"},
};
constexpr auto terraformOptions = terraform::withFamilyOptions(terraformOwn);

constexpr OptionSpec openTofuOwn[] = {
    {.key = "program",
     .kind = OptionSpec::Kind::Program,
     .place = OptionSpec::Place::Provider,
     .help = "A name on PATH or a path. Default: tofu.",
     .example = "tofu"},
};
constexpr auto openTofuOptions = terraform::withFamilyOptions(openTofuOwn);

constexpr ProgramSpec terraformPrograms[] = {{.name = "terraform",
                                              .setting = "program",
                                              .versionWords = "version",
                                              .oldest = terraform::terraformFlavour.oldestUsable}};
constexpr ProgramSpec openTofuPrograms[] = {{.name = "tofu",
                                             .setting = "program",
                                             .versionWords = "version",
                                             .oldest = terraform::openTofuFlavour.oldestUsable}};

}  // namespace

namespace terraform {

std::string backendOf(const std::vector<SourceFile>& files) {
    const auto configuration = readConfiguration(files);
    return configuration.cloud ? "cloud" : configuration.backend.value_or("local");
}

std::optional<std::string> stateKeyFrom(const std::vector<SourceFile>& files,
                                        const ProviderOptions& options) {
    const auto configuration = readConfiguration(files);
    const auto given = listOf(options, "backend_config");
    const bool namesFile = std::ranges::any_of(
        given, [](const std::string& one) { return one.find('=') == std::string::npos; });
    if (namesFile) return std::nullopt;
    const auto settings = backendSettingsOf(configuration, {}, given);
    for (const auto& name : configuration.openBackendAttributes)
        if (!settings.contains(name)) return std::nullopt;
    const auto type = configuration.cloud ? "remote" : configuration.backend.value_or("local");
    // A relative path is another one in another folder.
    const auto path = settings.find("path");
    if (type == "local" && (path == settings.end() || !path->second.starts_with('/')))
        return std::nullopt;
    const auto key = backendKey(type, settings, optionOf(options, "workspace"), "/");
    return key ? std::optional("tfstate:" + *key) : std::nullopt;
}

}  // namespace terraform

static constexpr ShellFile openTofuShellFiles[] = {
    {.key = "cli_config_file", .variable = "TF_CLI_CONFIG_FILE", .homeFile = ".tofurc"}};

constinit const ProviderKind terraformKind{
    .name = "terraform",
    .family = "terraform",
    .help = "Stacks of Terraform.",
    .keepsState = true,
    .isDiscovered = true,
    .options = terraformOptions,
    .programs = terraformPrograms,
    .credentials = terraform::backendCredentials,
    .shellFiles = terraform::shellFiles,
    .isSource = terraform::isSourceFile,
    .marksFolder = terraform::isConfigurationFile,
    .closureOf = terraform::closureOf,
    .backendOf = terraform::backendOf,
    .stateKeyOf = terraform::stateKeyFrom,
    .make = makeTerraformProvider,
};

constinit const ProviderKind openTofuKind{
    .name = "opentofu",
    .family = "terraform",
    .help = "Stacks of OpenTofu.",
    .keepsState = true,
    .isDiscovered = true,
    .options = openTofuOptions,
    .programs = openTofuPrograms,
    .credentials = terraform::backendCredentials,
    .shellFiles = openTofuShellFiles,
    .ownFiles = ".tofu .tf",
    .isSource = terraform::isSourceFile,
    .marksFolder = terraform::isConfigurationFile,
    .closureOf = terraform::closureOf,
    .backendOf = terraform::backendOf,
    .stateKeyOf = terraform::stateKeyFrom,
    .make = makeOpenTofuProvider,
};

}  // namespace driftkeeper
