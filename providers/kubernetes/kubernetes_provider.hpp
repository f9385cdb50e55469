#pragma once

#include <array>
#include <memory>

#include "parsers/json/value_tags.hpp"
#include "providers/look/option_spec.hpp"
#include "providers/look/provider.hpp"
#include "providers/process/tool_runner.hpp"

namespace driftkeeper {

// Looks at manifests, kustomizations and Helm charts with kubectl 1.26 or newer (and helm): what Git asks for against
// what is live, by a dry run of the server. Nothing is ever written. `runner` and `tags` outlive the provider.
std::unique_ptr<Provider> makeKubernetesProvider(ToolRunner& runner, const ValueTags& tags);

// kubeconfig, context: which cluster; default: KUBECONFIG of `environment`, its current context.
// namespace: of objects that name none. field_manager: who applies; default: as the live objects say.
// helm, release, values: of a chart; the program, the release's name (default: the folder's), further values files.
// tracking_label (KEY=VALUE), tracking_annotation (KEY or KEY=VALUE): objects that bear it and are not in Git are told.
// owned_namespaces: objects there that are not in Git are told. exclude_types: but not of these types (secrets,
// replicasets.apps).
inline constexpr std::array kubernetesOptions = {
    OptionSpec{"kubeconfig", OptionSpec::Kind::File},
    OptionSpec{"context", OptionSpec::Kind::Text},
    OptionSpec{"namespace", OptionSpec::Kind::Text},
    OptionSpec{"field_manager", OptionSpec::Kind::Text},
    OptionSpec{"helm", OptionSpec::Kind::Text},
    OptionSpec{"release", OptionSpec::Kind::Text},
    OptionSpec{"values", OptionSpec::Kind::InnerPaths},
    OptionSpec{"tracking_label", OptionSpec::Kind::Text},
    OptionSpec{"tracking_annotation", OptionSpec::Kind::Text},
    OptionSpec{"owned_namespaces", OptionSpec::Kind::Texts},
    OptionSpec{"exclude_types", OptionSpec::Kind::Texts},
};

}  // namespace driftkeeper
