#include "daemon/check/providers.hpp"

#include "providers/catalog.hpp"

namespace driftkeeper {

Providers makeProviders(ToolRunner& runner, const ValueTags& tags) {
    Providers providers;
    for (const ProviderKind* kind : providerKinds())
        providers[std::string(kind->name)] = kind->make(runner, tags);
    return providers;
}

}  // namespace driftkeeper
