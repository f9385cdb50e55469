#include "providers/terraform/terraform_provider.hpp"

#include "providers/look/provider_of.hpp"
#include "providers/terraform/look.hpp"

namespace driftkeeper {
namespace {

std::unique_ptr<Provider> flavoured(const terraform::Flavour& flavour, ToolRunner& runner, const ValueTags& tags) {
    return providerOf(
        flavour.tool.provider, [&flavour, &runner, &tags, versions = std::make_unique<terraform::ProgramVersions>()](
                                   const auto& workspace, const auto& lastClean, std::stop_token stop) {
            return terraform::Look(flavour, *versions, runner, tags, workspace, lastClean, std::move(stop)).report();
        });
}

}  // namespace

std::unique_ptr<Provider> makeTerraformProvider(ToolRunner& runner, const ValueTags& tags) {
    return flavoured(terraform::terraformFlavour, runner, tags);
}

std::unique_ptr<Provider> makeOpenTofuProvider(ToolRunner& runner, const ValueTags& tags) {
    return flavoured(terraform::openTofuFlavour, runner, tags);
}

}  // namespace driftkeeper
