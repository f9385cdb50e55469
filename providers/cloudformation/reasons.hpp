#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "parsers/graph/report.hpp"
#include "providers/look/timed_runner.hpp"

// From what the CLI says to what an operator is told.
namespace driftkeeper::cloudformation {

inline constexpr ToolName toolName{"aws", "cloudformation"};

// A sentence for `code` that says what to do, with what was said where that helps.
Reason reason(std::string_view code, std::string_view said = {});

// The reason behind a run that failed, from its stderr: error codes of the service and messages of
// the CLI, versions 1 and 2, whose exit statuses do not agree. Two codes are steps of a look rather
// than its end: `stack_missing`, and `detection_running`. `secrets` are cut out of the text.
Reason reasonFor(std::string_view stderrText, const std::vector<std::string>& secrets);

}  // namespace driftkeeper::cloudformation
