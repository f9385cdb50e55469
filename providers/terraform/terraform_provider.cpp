#include "providers/terraform/terraform_provider.hpp"

#include "providers/terraform/look.hpp"

namespace driftkeeper {
namespace {

class TerraformProvider final : public Provider {
public:
    TerraformProvider(ToolRunner& runner, const ValueTags& tags) : runner_(runner), tags_(tags) {}

    [[nodiscard]] std::string_view name() const noexcept override { return "terraform"; }

    Report inspect(const Workspace& workspace, const std::optional<LastClean>& lastClean,
                   std::stop_token stop) override {
        return terraform::Look(runner_, tags_, workspace, lastClean, std::move(stop)).report();
    }

private:
    ToolRunner& runner_;
    const ValueTags& tags_;
};

}  // namespace

std::unique_ptr<Provider> makeTerraformProvider(ToolRunner& runner, const ValueTags& tags) {
    return std::make_unique<TerraformProvider>(runner, tags);
}

}  // namespace driftkeeper
