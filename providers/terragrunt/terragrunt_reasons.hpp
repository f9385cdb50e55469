#pragma once

#include <filesystem>
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

// What is cut out of its words.
struct Cut {
    std::vector<std::string> secrets{};
    std::string root{};  // of the tree that it looked at: people know paths from there
    std::filesystem::path downloads{};  // its folder of copies, which nobody knows
};

// Why a plan must not be used although its own words do not say so: outputs that were made up, a
// unit that was left out, terragrunt's own errors. nullopt: nothing.
std::optional<Reason> objectionTo(const ToolResult& ended, const terraform::PlanStream& stream,
                                  const Cut& cut);

// Why a call other than plan failed: what the program said that it runs, else the last error of its
// log, which is the whole one. Excerpts of files are left out: they hold values.
Reason reasonFor(const ToolResult& ended, const Cut& cut);

}  // namespace driftkeeper::terragrunt
