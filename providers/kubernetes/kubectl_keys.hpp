#pragma once

#include "providers/look/provider_kind.hpp"

namespace driftkeeper {

// What the rows of all kinds that ask a cluster through kubectl have in common.

inline constexpr OptionSpec kubectlProgramKey{
    .key = "program",
    .kind = OptionSpec::Kind::Program,
    .place = OptionSpec::Place::Provider,
    .help = "A name on PATH or a path. Default: kubectl.",
    .example = "kubectl",
};

inline constexpr OptionSpec kubeContextKey{
    .key = "context",
    .help = "A context of the kubeconfig. Default: its current one.",
    .example = "prod",
};

inline constexpr OptionSpec kubeconfigKey{
    .key = "kubeconfig",
    .kind = OptionSpec::Kind::SecretFile,
    .help = "How to reach the cluster. Default: KUBECONFIG of `environment`.",
    .example = "/etc/driftkeeper/kubeconfig",
};

inline constexpr ProgramSpec kubectlPrograms[] = {
    {.name = "kubectl",
     .setting = "program",
     .versionWords = "version --client",
     .oldest = "1.26.0"},
};

inline constexpr ShellFile kubectlShellFiles[] = {
    {.key = "kubeconfig", .variable = "KUBECONFIG", .homeFile = ".kube/config"}};

inline constexpr std::string_view firstKubeconfig = "kubeconfig: /etc/driftkeeper/kubeconfig";

}  // namespace driftkeeper
