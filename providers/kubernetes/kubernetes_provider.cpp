#include "providers/kubernetes/kubernetes_provider.hpp"

#include "providers/kubernetes/look.hpp"

namespace driftkeeper {
namespace {

class KubernetesProvider final : public Provider {
public:
    KubernetesProvider(ToolRunner& runner, const ValueTags& tags) : runner_(runner), tags_(tags) {}

    [[nodiscard]] std::string_view name() const noexcept override { return "kubernetes"; }

    Report inspect(const Workspace& workspace, const std::optional<LastClean>& lastClean,
                   std::stop_token stop) override {
        return kubernetes::Look(runner_, tags_, workspace, lastClean, std::move(stop)).report();
    }

private:
    ToolRunner& runner_;
    const ValueTags& tags_;
};

}  // namespace

std::unique_ptr<Provider> makeKubernetesProvider(ToolRunner& runner, const ValueTags& tags) {
    return std::make_unique<KubernetesProvider>(runner, tags);
}

}  // namespace driftkeeper
