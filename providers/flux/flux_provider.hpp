#pragma once

#include <array>
#include <memory>

#include "parsers/json/value_tags.hpp"
#include "providers/look/option_spec.hpp"
#include "providers/look/provider.hpp"
#include "providers/process/tool_runner.hpp"

namespace driftkeeper {

// Settings of the provider `flux`.
inline constexpr std::array fluxOptions = {
    OptionSpec{"kubeconfig", OptionSpec::Kind::File},
    OptionSpec{"context"},
    OptionSpec{"all", OptionSpec::Kind::Flag},          // judge every object of Flux in the cluster
    OptionSpec{"namespaces", OptionSpec::Kind::Texts},  // list these only, and judge all that is in them
    OptionSpec{"namespace"},                            // of what is declared without one; default: default
    OptionSpec{"repository_url"},                       // of this repository, as GitRepositories name it
    OptionSpec{"branch"},                               // of it that is looked at
};

// Flux 2 by kubectl: what its objects say of themselves, against the manifests of a folder. Both must outlive the
// provider.
std::unique_ptr<Provider> makeFluxProvider(ToolRunner& runner, const ValueTags& tags);

}  // namespace driftkeeper
