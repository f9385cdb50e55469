#include "providers/state/state_provider.hpp"

#include "parsers/source/source_file.hpp"
#include "parsers/terraform/state.hpp"
#include "parsers/terraform/state_ties.hpp"
#include "providers/look/files.hpp"
#include "providers/look/provider_of.hpp"
#include "providers/terraform/backend_credentials.hpp"
#include "providers/terraform/look.hpp"
#include "providers/terraform/observer.hpp"
#include "providers/terraform/reasons.hpp"
#include "providers/terraform/sources.hpp"
#include "providers/terraform/terraform_options.hpp"
#include "providers/terraform/terraform_provider.hpp"

namespace driftkeeper {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t largestState = std::size_t{512} << 20;

Report failed(std::string_view code, std::string_view said = {}) {
    const Reason why = terraform::reason(code, said, {"terraform", "state"});
    return failedReport(why.code, why.text);
}

bool isBelow(const fs::path& path, const fs::path& root) {
    const auto [end, other] = std::mismatch(root.begin(), root.end(), path.begin(), path.end());
    return end == root.end();
}

// A file of the tree must not be a link out of it; an absolute one is the word of the settings.
std::optional<fs::path> stateFile(const Workspace& workspace, const std::string& given) {
    if (fs::path(given).is_absolute()) return fs::path(given);
    std::error_code error;
    const fs::path root = fs::weakly_canonical(workspace.sight.onHost(workspace.root), error);
    const fs::path path =
        fs::weakly_canonical(workspace.sight.onHost(workspace.directory / given), error);
    return error || !isBelow(path, root) ? std::nullopt : std::optional(path);
}

Report readStateFile(const Workspace& workspace, const std::string& given, const ValueTags& tags) {
    const auto path = stateFile(workspace, given);
    if (!path) return failed("state_unreadable", given + " lies outside of the repository");
    const auto text = fileText(*path, largestState);
    if (!text) return failed("state_unreadable", given + " is not there, or larger than 512 MiB");
    const auto state = terraform::parseState(*text, tags);
    if (!state && state.error().code == "encrypted_state")
        return failed("encrypted_state", "a file cannot be read: use `pull`");
    if (!state) return failed("state_unreadable", state.error().message);
    Report report = terraform::inventoryOf(*state);
    const auto sources = terraform::readSources(workspace.directory, terraform::Language::Terraform,
                                                workspace.sight);
    terraform::addStateTies(
        report.graph, sources.modules,
        {"local:" + (workspace.directory / given).lexically_normal().string(),
         terraform::terraformOptionsOf(workspace).workspace, workspace.directory.string()});
    return report;
}

}  // namespace

std::unique_ptr<Provider> makeStateProvider(ToolRunner& runner, const ValueTags& tags) {
    return providerOf("state", [&runner, &tags, shared = std::make_unique<terraform::Shared>()](
                                   const auto& workspace, const auto& lastClean,
                                   std::stop_token stop) {
        const std::string file = optionOf(workspace.options, "file");
        const bool pulls = optionOf(workspace.options, "pull") == "true";
        if (!file.empty() && pulls)
            return failed("unsupported", "`file` and `pull` are both given");
        if (!file.empty()) return readStateFile(workspace, file, tags);
        if (!pulls)
            return failed("unsupported",
                          "neither `file` nor `pull: true` gives the state's location");
        const bool isTofu = optionOf(workspace.options, "tool") == "opentofu";
        return terraform::Look(isTofu ? terraform::openTofuFlavour : terraform::terraformFlavour,
                               *shared, runner, tags, workspace, lastClean, std::move(stop))
            .takeInventory();
    });
}

namespace {

constexpr OptionSpec stateOptions[] = {
    {.key = "program",
     .kind = OptionSpec::Kind::Program,
     .place = OptionSpec::Place::Provider,
     .help = "A name on PATH or a path. Default: that of `tool`.",
     .example = "terraform"},
    {.key = "file",
     .help = "State file to read instead of the backend.",
     .example = "terraform.tfstate"},
    {.key = "pull",
     .kind = OptionSpec::Kind::Flag,
     .help = "Fetch the state with `init` and `state pull`.",
     .example = "true"},
    {.key = "tool",
     .kind = OptionSpec::Kind::Word,
     .help = "Tool that fetches the state.",
     .example = "terraform",
     .words = "terraform opentofu"},
};
constexpr auto stateAllOptions = terraform::withFamilyOptions(stateOptions);

}  // namespace

constinit const ProviderKind stateKind{
    .name = "state",
    .family = "terraform",
    .help =
        "Terraform states that are only read: nothing is compared, so they are never in "
        "sync.",
    .keepsState = true,
    .options = stateAllOptions,
    .credentials = terraform::backendCredentials,
    .firstSetting = "pull: true",
    .isSource = terraform::isSourceFile,
    .marksFolder = terraform::isConfigurationFile,
    .closureOf = terraform::closureOf,
    .backendOf = terraform::backendOf,
    .make = makeStateProvider,
};

}  // namespace driftkeeper
