#include "providers/terragrunt/terragrunt_provider.hpp"

#include "providers/look/provider_of.hpp"
#include "providers/terragrunt/terragrunt_look.hpp"

namespace driftkeeper {

std::unique_ptr<Provider> makeTerragruntProvider(ToolRunner& runner, const ValueTags& tags) {
    return providerOf("terragrunt", [&runner, &tags, versions = std::make_unique<terraform::ProgramVersions>()](
                                        const auto& workspace, const auto& lastClean, std::stop_token stop) {
        return terragrunt::TerragruntLook(*versions, runner, tags, workspace, lastClean, std::move(stop)).report();
    });
}

}  // namespace driftkeeper
