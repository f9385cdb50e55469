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

// Asks where terragrunt works, and by which program: `info print`.
ToolCall infoCall(const terraform::Session& session);
struct WorkPlace {
    std::string directory;
    std::string program;  // empty: it does not say
};
std::optional<WorkPlace> workPlaceIn(std::string_view info);  // nullopt: it does not say

// Makes the units of the stack's file in a folder.
ToolCall generateCall(const terraform::Session& session, const std::filesystem::path& directory);

// The outputs of the unit in another folder.
ToolCall outputsCall(const terraform::Session& session, const std::filesystem::path& directory);

// The same session without terragrunt: the program itself, where terragrunt works.
terraform::Session withoutTerragrunt(const terraform::Session& session, const WorkPlace& place);

}  // namespace driftkeeper::terragrunt
