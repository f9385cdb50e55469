#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "providers/look/provider_kind.hpp"

namespace driftkeeper {

// Looks at stacks with `terraform` 0.15.3 or newer (or another program of the same words): init
// when needed, plan, show. `runner` and `tags` outlive the provider.
std::unique_ptr<Provider> makeTerraformProvider(ToolRunner& runner, const ValueTags& tags);

// The same with `tofu` 1.6.0 or newer.
std::unique_ptr<Provider> makeOpenTofuProvider(ToolRunner& runner, const ValueTags& tags);

extern const ProviderKind terraformKind;
extern const ProviderKind openTofuKind;

// What the rows of the whole family share.
namespace terraform {

// The type of the backend that the files of a folder name: s3, cloud, local.
std::string backendOf(const std::vector<SourceFile>& files);

// The key of the state that they name with it, as other stacks are tied to it: "tfstate:s3://…".
std::optional<std::string> stateKeyFrom(const std::vector<SourceFile>& files,
                                        const ProviderOptions& options);

}  // namespace terraform
}  // namespace driftkeeper
