#include "providers/look/common_reasons.hpp"

#include <fmt/format.h>

#include <array>
#include <utility>

namespace driftkeeper {
namespace {

using Row = std::pair<std::string_view, std::string_view>;

// Code -> what happened; {} is the error, TOOL the program. What to do stands in the table of
// reason codes.
constexpr std::array sentences = {
    Row{"timeout", "the check took longer than its timeout{}"},
    Row{"stopped", "the check was stopped before it ended"},
    Row{"tool_missing", "TOOL cannot be started{}"},
    Row{"tool_not_started", "TOOL cannot be started{}"},
    Row{"tool_crashed", "TOOL itself crashed or was killed{}"},
    Row{"unreadable_resources", "some resources could not be read{}"},
    Row{"credentials", "the credentials were refused{}"},
    Row{"resource_limit", "TOOL used more than it may{}"},
    Row{"output_too_large", "TOOL printed more than driftkeeper takes"},
    Row{"output_unreadable", "TOOL printed what driftkeeper cannot read{}"},
    Row{"disk_full", "the disk is full{}"},
    Row{"private_directory", "the stack's private directory cannot be used{}"},
};

void put(std::string& sentence, std::string_view word, std::string_view value) {
    if (const std::size_t at = sentence.find(word); at != std::string::npos)
        sentence.replace(at, word.size(), value);
}

}  // namespace

std::string completed(std::string_view sentence, std::string_view said) {
    std::string text(sentence);
    put(text, "{}", said.empty() ? "" : fmt::format(" ({})", said));
    return text;
}

Reason commonReason(std::string_view code, std::string_view said, ToolName tool) {
    for (const auto& [known, sentence] : sentences) {
        if (known != code) continue;
        std::string text(sentence);
        put(text, "TOOL", tool.tool);
        return {std::string(code), completed(text, said)};
    }
    return {std::string(code), std::string(said)};
}

}  // namespace driftkeeper
