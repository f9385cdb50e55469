#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "parsers/graph/report.hpp"
#include "parsers/terraform/plan_stream.hpp"
#include "providers/process/tool_runner.hpp"
#include "providers/terraform/reasons.hpp"

// From what terragrunt says on stderr to what an operator is told. Source: terragrunt v1.1 (its log
// as JSON lines, and pkg/config/dependency.go for the words about mock outputs).
namespace driftkeeper::terragrunt {

inline constexpr ToolName terragruntTool{"terragrunt", "terragrunt"};

// A sentence for `code`: of terragrunt's own codes, else of Terraform's.
Reason reason(std::string_view code, std::string_view said = {});

// Why a plan must not be used although its own words do not say so: outputs that were made up, a
// unit that was left out, terragrunt's own errors. nullopt: nothing.
std::optional<Reason> objectionTo(const ToolResult& ended, const terraform::PlanStream& stream,
                                  const std::vector<std::string>& secrets);

// Why a call other than plan failed.
Reason reasonFor(const ToolResult& ended, const std::vector<std::string>& secrets);

}  // namespace driftkeeper::terragrunt
