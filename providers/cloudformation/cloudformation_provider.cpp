#include "providers/cloudformation/cloudformation_provider.hpp"

#include "providers/cloudformation/look.hpp"

namespace driftkeeper {
namespace {

class CloudformationProvider final : public Provider {
public:
    CloudformationProvider(ToolRunner& runner, const ValueTags& tags, cloudformation::Pace pace)
        : runner_(runner), tags_(tags), pace_(std::move(pace)), budget_(pace_) {}

    [[nodiscard]] std::string_view name() const noexcept override { return "cloudformation"; }

    Report inspect(const Workspace& workspace, const std::optional<LastClean>& lastClean,
                   std::stop_token stop) override {
        return cloudformation::Look(runner_, tags_, budget_, versions_, pace_, workspace, lastClean, std::move(stop))
            .report();
    }

private:
    ToolRunner& runner_;
    const ValueTags& tags_;
    cloudformation::Pace pace_;
    cloudformation::RequestBudget budget_;
    cloudformation::KnownVersions versions_;
};

}  // namespace

std::unique_ptr<Provider> makeCloudformationProvider(ToolRunner& runner, const ValueTags& tags,
                                                     cloudformation::Pace pace) {
    return std::make_unique<CloudformationProvider>(runner, tags, std::move(pace));
}

std::unique_ptr<Provider> makeCloudformationProvider(ToolRunner& runner, const ValueTags& tags) {
    return makeCloudformationProvider(runner, tags, cloudformation::Pace::real());
}

}  // namespace driftkeeper
