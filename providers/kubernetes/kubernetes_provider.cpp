#include "providers/kubernetes/kubernetes_provider.hpp"

#include "parsers/kubernetes/discovery.hpp"
#include "providers/kubernetes/look.hpp"
#include "providers/look/credentials.hpp"
#include "providers/look/provider_of.hpp"

namespace driftkeeper {

std::unique_ptr<Provider> makeKubernetesProvider(ToolRunner& runner, const ValueTags& tags) {
    return providerOf("kubernetes", [&runner, &tags](const auto& workspace, const auto& lastClean,
                                                     std::stop_token stop) {
        return kubernetes::Look(runner, tags, workspace, lastClean, std::move(stop)).report();
    });
}

namespace {

constexpr OptionSpec kubernetesOptions[] = {
    {.key = "program",
     .kind = OptionSpec::Kind::Program,
     .place = OptionSpec::Place::Provider,
     .help = "A name on PATH or a path. Default: kubectl.",
     .example = "kubectl"},
    {.key = "context",
     .help = "A context of the kubeconfig. Default: its current one.",
     .example = "prod"},
    {.key = "kubeconfig",
     .kind = OptionSpec::Kind::SecretFile,
     .help = "How to reach the cluster. Default: KUBECONFIG of `environment`.",
     .example = "/etc/driftkeeper/kubeconfig"},
    {.key = "namespace", .help = "For objects that name none.", .example = "default"},
    {.key = "field_manager",
     .help = "Who applies. Default: as the live objects say.",
     .example = "argocd-controller"},
    {.key = "helm", .help = "The program of Helm, for charts.", .example = "helm"},
    {.key = "release", .help = "Name of the release of a chart.", .example = "web"},
    {.key = "values",
     .kind = OptionSpec::Kind::InnerPaths,
     .help = "Further values files of a chart, from the stack's folder.",
     .example = "[values-prod.yaml]"},
    {.key = "tracking_label",
     .help = "KEY=VALUE: objects that bear it and are not in Git are told.",
     .example = "app.kubernetes.io/managed-by=infra"},
    {.key = "tracking_annotation",
     .help = "KEY or KEY=VALUE: objects that bear it and are not in Git are told.",
     .example = "example.com/owned-by=infra"},
    {.key = "owned_namespaces",
     .kind = OptionSpec::Kind::Texts,
     .help = "Objects that are there and not in Git are told; see also exclude_types.",
     .example = "[shop, billing]"},
    {.key = "exclude_types",
     .kind = OptionSpec::Kind::Texts,
     .help = "Types that are never told as not in Git.",
     .example = "[secrets, replicasets.apps]"},
};

constexpr ProgramSpec kubernetesPrograms[] = {
    {.name = "kubectl",
     .setting = "program",
     .versionWords = "version --client",
     .oldest = "1.26.0"},
};

constexpr CredentialSpec clusterCredentials[] = {kubernetesCredentials};

}  // namespace

constinit const ProviderKind kubernetesKind{
    .name = "kubernetes",
    .family = "kubernetes",
    .help = "Manifests, kustomizations and charts against a cluster.",
    .options = kubernetesOptions,
    .programs = kubernetesPrograms,
    .credentials = clusterCredentials,
    .firstSetting = "kubeconfig: /etc/driftkeeper/kubeconfig",
    .isSource = kubernetes::isSourceFile,
    .discover = kubernetes::discoverStacks,
    .closureOf = kubernetes::closureOf,
    .make = makeKubernetesProvider,
};

}  // namespace driftkeeper
