#pragma once

#include <array>
#include <memory>

#include "parsers/json/value_tags.hpp"
#include "providers/look/option_spec.hpp"
#include "providers/look/provider.hpp"
#include "providers/process/tool_runner.hpp"

namespace driftkeeper {

// Settings of the provider `argocd`.
inline constexpr std::array argoOptions = {
    OptionSpec{"kubeconfig", OptionSpec::Kind::File},
    OptionSpec{"context"},
    OptionSpec{"all", OptionSpec::Kind::Flag},  // judge every Application in the cluster, or in `namespace`
    OptionSpec{"namespace"},  // list this one only; also of what is declared without one (default: all, argocd)
    OptionSpec{"server"},     // https://argocd.example.com: ask it instead of the cluster
    OptionSpec{"token_file", OptionSpec::Kind::File},  // for it, of an account that may get applications
    OptionSpec{"ca_file", OptionSpec::Kind::File},     // who signed its certificate
    OptionSpec{"reconciliation_timeout", OptionSpec::Kind::Duration},  // of Argo CD, with its jitter; default 180 s
};

// Argo CD 2 and 3 by kubectl, or by curl where `server` is given: what Applications say of their resources, and the
// Applications against the manifests of a folder. Both must outlive the provider.
std::unique_ptr<Provider> makeArgoProvider(ToolRunner& runner, const ValueTags& tags);

}  // namespace driftkeeper
