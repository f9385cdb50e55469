#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "providers/look/provider.hpp"
#include "providers/terraform/calls.hpp"

// Which commands a look at a unit runs, as pure values.
namespace driftkeeper::terragrunt {

// `terragrunt run -- …` in the unit's folder, with downloads of its own below the private
// directory. Terraform's calls on this session are calls of terragrunt. `tfProgram`: terraform or
// tofu; empty: terragrunt chooses.
terraform::Session sessionFor(const Workspace& workspace, const Environment& caller);
void useProgram(terraform::Session& session, const std::string& tfProgram);

// Asks where terragrunt works: `info print`.
ToolCall infoCall(const terraform::Session& session);
std::optional<std::string> workingDirectoryIn(std::string_view info);  // nullopt: it does not say

}  // namespace driftkeeper::terragrunt
