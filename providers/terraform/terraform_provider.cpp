#include "providers/terraform/terraform_provider.hpp"

#include "providers/terraform/look.hpp"

namespace driftkeeper {
namespace {

class TerraformProvider final : public Provider {
public:
    TerraformProvider(const terraform::Flavour& flavour, ToolRunner& runner, const ValueTags& tags)
        : flavour_(flavour), runner_(runner), tags_(tags) {}

    [[nodiscard]] std::string_view name() const noexcept override { return flavour_.tool.provider; }

    Report inspect(const Workspace& workspace, const std::optional<LastClean>& lastClean,
                   std::stop_token stop) override {
        return terraform::Look(flavour_, versions_, runner_, tags_, workspace, lastClean, std::move(stop)).report();
    }

private:
    const terraform::Flavour& flavour_;
    ToolRunner& runner_;
    const ValueTags& tags_;
    terraform::ProgramVersions versions_;
};

}  // namespace

std::unique_ptr<Provider> makeTerraformProvider(ToolRunner& runner, const ValueTags& tags) {
    return std::make_unique<TerraformProvider>(terraform::terraformFlavour, runner, tags);
}

std::unique_ptr<Provider> makeOpenTofuProvider(ToolRunner& runner, const ValueTags& tags) {
    return std::make_unique<TerraformProvider>(terraform::openTofuFlavour, runner, tags);
}

}  // namespace driftkeeper
