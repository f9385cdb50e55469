#include "providers/terragrunt/terragrunt_provider.hpp"

#include "providers/terragrunt/terragrunt_look.hpp"

namespace driftkeeper {
namespace {

class TerragruntProvider final : public Provider {
public:
    TerragruntProvider(ToolRunner& runner, const ValueTags& tags) : runner_(runner), tags_(tags) {}

    [[nodiscard]] std::string_view name() const noexcept override { return "terragrunt"; }

    Report inspect(const Workspace& workspace, const std::optional<LastClean>& lastClean,
                   std::stop_token stop) override {
        return terragrunt::TerragruntLook(versions_, runner_, tags_, workspace, lastClean, std::move(stop)).report();
    }

private:
    ToolRunner& runner_;
    const ValueTags& tags_;
    terraform::ProgramVersions versions_;
};

}  // namespace

std::unique_ptr<Provider> makeTerragruntProvider(ToolRunner& runner, const ValueTags& tags) {
    return std::make_unique<TerragruntProvider>(runner, tags);
}

}  // namespace driftkeeper
