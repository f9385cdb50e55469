#include "providers/cloudformation/cloudformation_provider.hpp"

#include "parsers/cloudformation/discovery.hpp"
#include "providers/cloudformation/look.hpp"
#include "providers/look/credentials.hpp"

namespace driftkeeper {
namespace {

class CloudformationProvider final : public Provider {
public:
    CloudformationProvider(ToolRunner& runner, const ValueTags& tags, cloudformation::Pace pace)
        : runner_(runner), tags_(tags), pace_(std::move(pace)), budget_(pace_) {}

    [[nodiscard]] std::string_view name() const noexcept override { return "cloudformation"; }

    Report inspect(const Workspace& workspace, const std::optional<LastClean>& lastClean,
                   std::stop_token stop) override {
        return cloudformation::Look(runner_, tags_, budget_, versions_, pace_, workspace, lastClean,
                                    std::move(stop))
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

namespace {

constexpr OptionSpec cloudformationOptions[] = {
    {.key = "program",
     .kind = OptionSpec::Kind::Program,
     .place = OptionSpec::Place::Provider,
     .help = "A name on PATH or a path. Default: aws.",
     .example = "aws"},
    {.key = "stack_name",
     .help = "Name of the stack in the account. Default: the name of the template's file or "
             "folder.",
     .example = "network"},
    {.key = "region",
     .help = "Region of the stack. Default: AWS_REGION of `environment`.",
     .example = "eu-central-1"},
    {.key = "template",
     .kind = OptionSpec::Kind::InnerPath,
     .help = "Template file, relative to the stack's folder.",
     .example = "template.yaml"},
    {.key = "parameters_file",
     .kind = OptionSpec::Kind::InnerPath,
     .help = "Parameters file, relative to the stack's folder.",
     .example = "parameters.json"},
    {.key = "deployment_file",
     .kind = OptionSpec::Kind::InnerPath,
     .help = "Deployment file of Git sync, relative to the stack's folder: names template, "
             "parameters and tags.",
     .example = "deployment.yaml"},
    {.key = "endpoint_url",
     .help = "URL of the service, unless it is AWS's own.",
     .example = "https://cloudformation.example.com"},
    {.key = "detection_timeout",
     .kind = OptionSpec::Kind::Duration,
     .help = "Timeout of a drift detection. Default: 10m.",
     .example = "10m"},
};

constexpr ProgramSpec cloudformationPrograms[] = {
    {.name = "aws", .setting = "program", .versionWords = "--version"},
};

constexpr CredentialSpec cloudformationCredentials[] = {awsCredentials};

}  // namespace

constinit const ProviderKind cloudformationKind{
    .name = "cloudformation",
    .family = "cloudformation",
    .help = "AWS CloudFormation stacks.",
    .options = cloudformationOptions,
    .programs = cloudformationPrograms,
    .credentials = cloudformationCredentials,
    .firstSetting = "region: eu-central-1",
    .ownFiles = ".yaml .yml .json .template",
    .ownFileKeys = "deployment_file template",
    .isSource = cloudformation::isSource,
    .discover = cloudformation::discover,
    .closureOf = cloudformation::closureOf,
    .make = makeCloudformationProvider,
};

}  // namespace driftkeeper
