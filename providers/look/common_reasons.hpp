#pragma once

#include <string>
#include <string_view>

#include "parsers/graph/report.hpp"

namespace driftkeeper {

// A program as people call it, and the provider whose settings name it: kubectl, kubernetes.
struct ToolName {
    std::string_view tool;
    std::string_view provider;
};

// A sentence that says what to do, with what the tool said where that helps: for timeout, stopped,
// tool_missing, tool_not_started, tool_crashed, unreadable_resources, credentials,
// resource_limit, output_too_large, output_unreadable, disk_full, private_directory. For any other
// code: what was said.
Reason commonReason(std::string_view code, std::string_view said, ToolName tool);

// `sentence` with " (SAID)" for {}, or nothing for it when nothing was said.
std::string completed(std::string_view sentence, std::string_view said);

}  // namespace driftkeeper
