#include "providers/kubernetes/kubernetes_provider.hpp"

#include "parsers/kubernetes/discovery.hpp"
#include "providers/kubernetes/kubectl_keys.hpp"
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
    kubectlProgramKey,
    kubeContextKey,
    kubeconfigKey,
    {.key = "namespace", .help = "Namespace of objects that have none.", .example = "default"},
    {.key = "field_manager",
     .help = "Field manager that applies the manifests. Default: as recorded in the live "
             "objects.",
     .example = "argocd-controller"},
    {.key = "helm",
     .help = "Helm program that renders charts: a name on PATH or a path.",
     .example = "helm"},
    {.key = "release", .help = "Release name of a chart.", .example = "web"},
    {.key = "values",
     .kind = OptionSpec::Kind::InnerPaths,
     .help = "Additional values files of a chart, relative to the stack's folder.",
     .example = "[values-prod.yaml]"},
    {.key = "tracking_label",
     .help = "KEY=VALUE: report objects that have this label and are not in Git.",
     .example = "app.kubernetes.io/managed-by=infra"},
    {.key = "tracking_annotation",
     .help = "KEY or KEY=VALUE: report objects that have this annotation and are not in Git.",
     .example = "example.com/owned-by=infra"},
    {.key = "owned_namespaces",
     .kind = OptionSpec::Kind::Texts,
     .help = "Namespaces in which to report every object that is not in Git; see also "
             "exclude_types.",
     .example = "[shop, billing]"},
    {.key = "exclude_types",
     .kind = OptionSpec::Kind::Texts,
     .help = "Types that are never reported as not in Git.",
     .example = "[secrets, replicasets.apps]"},
};

constexpr CredentialSpec clusterCredentials[] = {kubernetesCredentials};

}  // namespace

constinit const ProviderKind kubernetesKind{
    .name = "kubernetes",
    .family = "kubernetes",
    .help = "Compares manifests, kustomizations and charts with a cluster.",
    .options = kubernetesOptions,
    .programs = kubectlPrograms,
    .credentials = clusterCredentials,
    .shellFiles = kubectlShellFiles,
    .firstSetting = firstKubeconfig,
    .ownFiles = ".yaml .yml .json",
    .isSource = kubernetes::isSourceFile,
    .discover = kubernetes::discoverStacks,
    .closureOf = kubernetes::closureOf,
    .make = makeKubernetesProvider,
};

}  // namespace driftkeeper
