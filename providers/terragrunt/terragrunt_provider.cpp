#include "providers/terragrunt/terragrunt_provider.hpp"

#include "parsers/terragrunt/discovery.hpp"
#include "providers/look/provider_of.hpp"
#include "providers/terraform/terraform_options.hpp"
#include "providers/terragrunt/terragrunt_look.hpp"

namespace driftkeeper {

std::unique_ptr<Provider> makeTerragruntProvider(ToolRunner& runner, const ValueTags& tags) {
    return providerOf("terragrunt",
                      [&runner, &tags, versions = std::make_unique<terraform::ProgramVersions>()](
                          const auto& workspace, const auto& lastClean, std::stop_token stop) {
                          return terragrunt::TerragruntLook(*versions, runner, tags, workspace,
                                                            lastClean, std::move(stop))
                              .report();
                      });
}

namespace {

constexpr OptionSpec terragruntOptions[] = {
    {.key = "program",
     .kind = OptionSpec::Kind::Program,
     .place = OptionSpec::Place::Provider,
     .help = "A name on PATH or a path. Default: terragrunt.",
     .example = "terragrunt"},
    {.key = "tf_program",
     .help = "terraform or tofu. Default: what terragrunt chooses.",
     .example = "tofu"},
};
constexpr auto terragruntAllOptions = terraform::withFamilyOptions(terragruntOptions);

constexpr ProgramSpec terragruntPrograms[] = {
    {.name = "terragrunt", .setting = "program", .versionWords = "--version", .oldest = "1.0.0"},
    {.name = "tofu", .versionWords = "version", .alternative = "terraform"},
};

}  // namespace

constinit const ProviderKind terragruntKind{
    .name = "terragrunt",
    .family = "terraform",
    .help = "Units of Terragrunt.",
    .keepsState = true,
    .isDiscovered = true,
    .options = terragruntAllOptions,
    .programs = terragruntPrograms,
    .shellFiles = terraform::shellFiles,
    .ownFiles = "terragrunt.hcl .hcl",
    .isSource = terragrunt::isSourceFile,
    .leadsElsewhere = terragrunt::isStackFile,
    // Those of the whole family: who plans a folder is told by all of its files.
    .discover = terragrunt::discoverStacks,
    .closureOf = terragrunt::closureOf,
    .make = makeTerragruntProvider,
};

}  // namespace driftkeeper
