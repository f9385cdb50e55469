#include "providers/kubernetes/kubernetes_provider.hpp"

#include "providers/kubernetes/look.hpp"
#include "providers/look/provider_of.hpp"

namespace driftkeeper {

std::unique_ptr<Provider> makeKubernetesProvider(ToolRunner& runner, const ValueTags& tags) {
    return providerOf("kubernetes",
                      [&runner, &tags](const auto& workspace, const auto& lastClean, std::stop_token stop) {
                          return kubernetes::Look(runner, tags, workspace, lastClean, std::move(stop)).report();
                      });
}

}  // namespace driftkeeper
