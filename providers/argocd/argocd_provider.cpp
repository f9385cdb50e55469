#include "providers/argocd/argocd_provider.hpp"

#include <algorithm>
#include <charconv>
#include <chrono>
#include <utility>
#include "parsers/gitops/folders.hpp"
#include "providers/kubernetes/kubectl_keys.hpp"
#include "providers/look/credentials.hpp"

#include "parsers/argocd/applied_folders.hpp"
#include "parsers/argocd/argocd_kinds.hpp"
#include "parsers/argocd/argocd_look.hpp"
#include "parsers/gitops/custom_resource.hpp"
#include "providers/argocd/argocd_server.hpp"
#include "providers/gitops/cluster_look.hpp"
#include "providers/look/provider_of.hpp"

namespace driftkeeper {
namespace {

constexpr const char* applications = "applications.argoproj.io";

// What else is asked for where Git declares it.
struct OtherKind {
    const char* kind;
    const char* resource;
};
constexpr OtherKind otherKinds[] = {{"AppProject", "appprojects.argoproj.io"},
                                    {"ApplicationSet", "applicationsets.argoproj.io"}};

// One look, from top to bottom.
class Look {
public:
    Look(ToolRunner& runner, const ValueTags& tags, const Workspace& workspace,
         const std::optional<LastClean>& lastClean, std::stop_token stop)
        : runner_(runner),
          tags_(tags),
          workspace_(workspace),
          stop_(stop),
          cluster_(runner, workspace, stop, "argocd") {
        if (lastClean) look_.lastClean = &lastClean->evidence;
    }

    Report report() {
        if (auto done = read(); !done) return failedReport(done.error().code, done.error().text);
        return argocd::readArgo(look_, tags_);
    }

private:
    Outcome<void> read() {
        if (auto ready = cluster_.prepare(); !ready) return ready;
        const std::string space = option("namespace");
        readOptions(space);
        auto declared = cluster_.declared(argocd::argoObjects);
        if (!declared) return std::unexpected(declared.error());
        look_.declared = std::move(declared->objects);
        look_.notRead = declared->notRead;
        auto found = option("server").empty() ? fromCluster(space) : fromServer();
        if (!found) return std::unexpected(found.error());
        look_.live = *std::move(found);
        look_.now = std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
        return {};
    }

    Outcome<std::vector<Json>> fromCluster(const std::string& space) {
        std::vector<std::string> types = {applications};
        for (const OtherKind& other : otherKinds)
            if (isDeclared(other.kind)) types.emplace_back(other.resource);
        auto listed =
            cluster_.list(types, space.empty() ? std::vector<std::string>() : std::vector{space});
        if (!listed) return std::unexpected(listed.error());
        if (const auto failed = listed->failed.find(applications); failed != listed->failed.end())
            return std::unexpected(failed->second);
        for (const OtherKind& other : otherKinds) {
            if (!isDeclared(other.kind)) continue;
            look_.kinds.insert(other.kind);
            if (const auto failed = listed->failed.find(other.resource);
                failed != listed->failed.end())
                look_.notListed.emplace(other.kind, failed->second);
        }
        auto server = cluster_.server();
        if (!server) return std::unexpected(server.error());
        look_.cluster = *std::move(server);
        return std::move(listed->objects);
    }

    // By Git now, or at the last look that found everything in sync.
    [[nodiscard]] bool isDeclared(std::string_view kind) const {
        const std::string type = std::string(kind) + ".argoproj.io/";
        return std::ranges::any_of(
                   look_.declared,
                   [&](const Json& object) { return gitops::nameOf(object).kind == kind; }) ||
               (look_.lastClean != nullptr &&
                std::ranges::any_of(look_.lastClean->rendered, [&](const auto& entry) {
                    return entry.first.starts_with(type);
                }));
    }

    // Which cluster Argo CD lives in is not known then.
    Outcome<std::vector<Json>> fromServer() {
        cluster_.progress("asking Argo CD");
        TimedRunner curl(runner_, cluster_.left(), stop_, {"curl", "argocd"});
        return argocd::applicationsFrom({option("server"), option("token_file"), option("ca_file")},
                                        cluster_.session(), workspace_.privateDirectory / "argocd",
                                        curl);
    }

    void readOptions(const std::string& space) {
        look_.all = option("all") == "true";
        if (!space.empty()) look_.defaultNamespace = space;
        const std::string timeout = option("reconciliation_timeout");
        std::int64_t seconds = 0;
        if (std::from_chars(timeout.data(), timeout.data() + timeout.size(), seconds).ec ==
                std::errc() &&
            seconds > 0)
            look_.timeout = std::chrono::seconds(seconds);
    }

    [[nodiscard]] std::string option(const char* key) const {
        return optionOf(workspace_.options, key);
    }

    ToolRunner& runner_;
    const ValueTags& tags_;
    const Workspace& workspace_;
    std::stop_token stop_;
    gitops::ClusterLook cluster_;
    argocd::ArgoLook look_;
};

}  // namespace

std::unique_ptr<Provider> makeArgoProvider(ToolRunner& runner, const ValueTags& tags) {
    return providerOf("argocd", [&runner, &tags](const auto& workspace, const auto& lastClean,
                                                 std::stop_token stop) {
        return Look(runner, tags, workspace, lastClean, std::move(stop)).report();
    });
}

namespace {

constexpr OptionSpec argoOptions[] = {
    kubectlProgramKey,
    kubeContextKey,
    kubeconfigKey,
    {.key = "all",
     .kind = OptionSpec::Kind::Flag,
     .help = "Check every Application in the cluster.",
     .example = "true"},
    {.key = "namespace",
     .help = "Namespace to check; also that of Applications that have none.",
     .example = "argocd"},
    {.key = "server",
     .help = "URL of the Argo CD API, to use it instead of the cluster.",
     .example = "https://argocd.example.com"},
    {.key = "token_file",
     .kind = OptionSpec::Kind::SecretFile,
     .help = "Token for the server, of an account that may get applications.",
     .example = "/etc/driftkeeper/argocd"},
    {.key = "ca_file",
     .kind = OptionSpec::Kind::File,
     .help = "CA certificate of the server.",
     .example = "/etc/ssl/corp.pem"},
    {.key = "reconciliation_timeout",
     .kind = OptionSpec::Kind::Duration,
     .help = "Reconciliation timeout of Argo CD, including jitter. Default: 180s.",
     .example = "180s"},
};

constexpr CredentialSpec argoCredentials[] = {kubernetesCredentials};

}  // namespace

constinit const ProviderKind argoKind{
    .name = "argocd",
    .family = "argocd",
    .help = "Applications of Argo CD, and what it reports about them.",
    .options = argoOptions,
    .programs = kubectlPrograms,
    .credentials = argoCredentials,
    .shellFiles = kubectlShellFiles,
    .firstSetting = firstKubeconfig,
    .ownFiles = ".yaml .yml .json",
    .isSource = gitops::isManifest,
    .discover = argocd::discoverArgo,
    .appliedFolders = argocd::appliedFolders,
    .closureOf = gitops::closureWith,
    .make = makeArgoProvider,
};

}  // namespace driftkeeper
