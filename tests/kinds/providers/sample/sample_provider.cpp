#include "providers/sample/sample_provider.hpp"

#include "parsers/sample/sample.hpp"
#include "providers/look/files.hpp"
#include "providers/look/provider_of.hpp"

namespace driftkeeper {
namespace {

std::unique_ptr<Provider> makeSampleProvider(ToolRunner& /*runner*/, const ValueTags& /*tags*/) {
    return providerOf("sample", [](const Workspace& workspace, const auto& /*lastClean*/,
                                   const std::stop_token&) {
        const auto wanted = fileText(workspace.directory / "stack.sample");
        const auto live = fileText(optionOf(workspace.options, "live"));
        if (!wanted || !live)
            return failedReport("setup", "stack.sample or the live file cannot be read");
        return sample::compare(*wanted, *live);
    });
}

constexpr OptionSpec sampleOptions[] = {{.key = "program",
                                         .kind = OptionSpec::Kind::Program,
                                         .place = OptionSpec::Place::Provider,
                                         .help = "A name on PATH or a path.",
                                         .example = "sample-tool"},
                                        {.key = "live",
                                         .kind = OptionSpec::Kind::File,
                                         .help = "Where the real values are.",
                                         .example = "/srv/live.sample"}};
constexpr ProgramSpec samplePrograms[] = {
    {.name = "sample-tool", .setting = "program", .versionWords = "--version", .oldest = "3.0.0"}};
constexpr CredentialSpec sampleCredentials[] = {
    {.area = "Sample",
     .variables = "SAMPLE_TOKEN",
     .fix = "SAMPLE_TOKEN in the provider's `environment`"}};

}  // namespace

extern constinit const ProviderKind sampleKind{
    .name = "sample",
    .family = "sample",
    .help = "Values of a sample.",
    .options = sampleOptions,
    .programs = samplePrograms,
    .credentials = sampleCredentials,
    .firstSetting = "live: /srv/live.sample",
    .isSource = sample::isSource,
    .discover = sample::discover,
    .make = makeSampleProvider,
};

}  // namespace driftkeeper
