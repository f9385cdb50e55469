#include "daemon/providers.hpp"

#include "providers/terraform/terraform_provider.hpp"

namespace driftkeeper {

Providers makeProviders(ToolRunner& runner, const ValueTags& tags) {
    Providers providers;
    providers["terraform"] = makeTerraformProvider(runner, tags);
    return providers;
}

}  // namespace driftkeeper
