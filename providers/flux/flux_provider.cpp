#include "providers/flux/flux_provider.hpp"

#include <chrono>
#include <set>
#include <utility>
#include "parsers/gitops/folders.hpp"
#include "providers/kubernetes/kubectl_keys.hpp"
#include "providers/look/credentials.hpp"

#include "parsers/flux/applied_folders.hpp"
#include "parsers/flux/flux_kinds.hpp"
#include "parsers/flux/flux_look.hpp"
#include "parsers/gitops/declared_object.hpp"
#include "providers/gitops/cluster_look.hpp"
#include "providers/look/provider_of.hpp"

namespace driftkeeper {
namespace {

using flux::FluxKind;
using flux::FluxLook;

std::vector<std::string> namespacesOf(const Workspace& workspace) {
    const auto at = workspace.options.find("namespaces");
    return at == workspace.options.end() ? std::vector<std::string>() : at->second;
}

std::vector<FluxKind> kindsOf(const FluxLook& look) {
    if (look.all || !look.namespaces.empty())
        return {flux::fluxKinds.begin(), flux::fluxKinds.end()};
    return flux::kindsFor(look.declared,
                          look.lastClean ? look.lastClean->rendered : gitops::Rendered());
}

// Kinds that the cluster does not have and that nobody declares are no trouble when all are asked
// for.
void noteFailures(FluxLook& look, const std::vector<FluxKind>& kinds,
                  const std::map<std::string, Reason>& failed) {
    std::set<std::string> needed;
    for (const auto& kind : flux::kindsFor(look.declared)) needed.insert(kind.type());
    for (const auto& kind : kinds) {
        const auto at = failed.find(kind.resource());
        if (at == failed.end()) continue;
        const bool unknown = at->second.code == "crd_missing" && !needed.contains(kind.type());
        if (!unknown) look.notListed.emplace(kind.type(), at->second);
    }
}

// One look, from top to bottom.
class Look {
public:
    Look(ToolRunner& runner, const ValueTags& tags, const Workspace& workspace,
         const std::optional<LastClean>& lastClean, std::stop_token stop)
        : tags_(tags), workspace_(workspace), cluster_(runner, workspace, std::move(stop), "flux") {
        if (lastClean) look_.lastClean = &lastClean->evidence;
    }

    Report report() {
        if (auto done = read(); !done) return failedReport(done.error().code, done.error().text);
        return flux::readFlux(look_, tags_);
    }

private:
    Outcome<void> read() {
        if (auto ready = cluster_.prepare(); !ready) return ready;
        readOptions();
        auto declared = cluster_.declared(flux::fluxObjects);
        if (!declared) return std::unexpected(declared.error());
        look_.declared = std::move(declared->objects);
        look_.notRead = declared->notRead;
        if (auto listed = list(); !listed) return listed;
        auto server = cluster_.server();
        if (!server) return std::unexpected(server.error());
        look_.cluster = *std::move(server);
        look_.now = std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
        return {};
    }

    void readOptions() {
        const auto option = [&](const char* key) { return optionOf(workspace_.options, key); };
        look_.all = option("all") == "true";
        for (auto& space : namespacesOf(workspace_)) look_.namespaces.insert(space);
        if (!option("namespace").empty()) look_.defaultNamespace = option("namespace");
        look_.commit = workspace_.commit;
        look_.repositoryUrl =
            option("repository_url").empty() ? workspace_.repositoryUrl : option("repository_url");
        look_.branch = option("branch").empty() ? workspace_.ref : option("branch");
    }

    Outcome<void> list() {
        const auto kinds = kindsOf(look_);
        std::vector<std::string> types;
        for (const auto& kind : kinds) types.push_back(kind.resource());
        auto listed = cluster_.list(types, namespacesOf(workspace_));
        if (!listed) return std::unexpected(listed.error());
        // Nothing at all could be listed: there is no Flux, or it is not for us.
        if (!types.empty() && listed->failed.size() == types.size())
            return std::unexpected(listed->failed.begin()->second);
        noteFailures(look_, kinds, listed->failed);
        look_.live = std::move(listed->objects);
        return {};
    }

    const ValueTags& tags_;
    const Workspace& workspace_;
    gitops::ClusterLook cluster_;
    FluxLook look_;
};

}  // namespace

std::unique_ptr<Provider> makeFluxProvider(ToolRunner& runner, const ValueTags& tags) {
    return providerOf("flux", [&runner, &tags](const auto& workspace, const auto& lastClean,
                                               std::stop_token stop) {
        return Look(runner, tags, workspace, lastClean, std::move(stop)).report();
    });
}

namespace {

constexpr OptionSpec fluxOptions[] = {
    kubectlProgramKey,
    kubeContextKey,
    kubeconfigKey,
    {.key = "all",
     .kind = OptionSpec::Kind::Flag,
     .help = "Check every Flux object in the cluster.",
     .example = "true"},
    {.key = "namespaces",
     .kind = OptionSpec::Kind::Texts,
     .help = "Check every Flux object in these namespaces, and in no other.",
     .example = "[flux-system]"},
    {.key = "namespace", .help = "Namespace of objects that have none.", .example = "default"},
    {.key = "repository_url",
     .help = "URL of this repository as GitRepositories spell it.",
     .example = "https://git.example.com/fleet.git"},
    {.key = "branch", .help = "Branch of this repository that is checked.", .example = "main"},
};

constexpr CredentialSpec fluxCredentials[] = {kubernetesCredentials};

}  // namespace

constinit const ProviderKind fluxKind{
    .name = "flux",
    .family = "flux",
    .help = "Objects that Flux reconciles, and the status of its own objects.",
    .options = fluxOptions,
    .programs = kubectlPrograms,
    .credentials = fluxCredentials,
    .shellFiles = kubectlShellFiles,
    .firstSetting = firstKubeconfig,
    .ownFiles = ".yaml .yml .json",
    .isSource = gitops::isManifest,
    .discover = flux::discoverFlux,
    .appliedFolders = flux::appliedFolders,
    .closureOf = gitops::closureWith,
    .make = makeFluxProvider,
};

}  // namespace driftkeeper
