#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "parsers/graph/report.hpp"
#include "parsers/terraform/plan_stream.hpp"
#include "providers/look/common_reasons.hpp"

// From what the tool says to what an operator is told.
namespace driftkeeper::terraform {

inline constexpr ToolName terraformTool{"terraform", "terraform"};

// True when the tool asks for `init`, by the summaries of Terraform 0.15 to 1.16 and OpenTofu.
bool needsInit(const std::vector<ToolDiagnostic>& diagnostics);

// True when a newer version of a provider wrote the state than the one that reads it.
bool needsNewerProvider(const std::vector<ToolDiagnostic>& diagnostics);

// The reason behind the errors among `diagnostics`. `planWritten`: the errors left a plan file, so
// some resources could be read. `secrets` are cut out of the text.
Reason reasonFor(const std::vector<ToolDiagnostic>& diagnostics, bool planWritten,
                 const std::vector<std::string>& secrets, ToolName tool = terraformTool);

// The same for a failed init: `init_failed` where nothing more is known.
Reason reasonForInit(const std::vector<ToolDiagnostic>& diagnostics,
                     const std::vector<std::string>& secrets, ToolName tool = terraformTool);

// A sentence for `code` that says what to do, with what the tool said where that helps.
Reason reason(std::string_view code, std::string_view said = {}, ToolName tool = terraformTool);

// The errors of human output ("Error: SUMMARY", empty line, place and excerpt, empty line, detail),
// as `init -no-color` prints it.
std::vector<ToolDiagnostic> diagnosticsOfText(std::string_view text);

// At most 100 diagnostics, redacted, without repeats.
std::vector<Diagnostic> told(const std::vector<ToolDiagnostic>& diagnostics,
                             const std::vector<std::string>& secrets);

}  // namespace driftkeeper::terraform
