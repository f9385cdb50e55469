#include "providers/cloudformation/reasons.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <utility>

#include "parsers/cloudformation/answers.hpp"
#include "providers/look/redacted.hpp"

namespace driftkeeper::cloudformation {
namespace {

using Row = std::pair<std::string_view, std::string_view>;

// Error codes of the service (Common Errors of the CloudFormation API Reference, and what its peers
// say) -> code.
constexpr std::array codes = {
    Row{"Throttling", "throttled"},
    Row{"ThrottlingException", "throttled"},
    Row{"RequestLimitExceeded", "throttled"},
    Row{"TooManyRequestsException", "throttled"},
    Row{"SlowDown", "throttled"},
    Row{"ExpiredToken", "credentials"},
    Row{"ExpiredTokenException", "credentials"},
    Row{"RequestExpired", "credentials"},
    Row{"InvalidClientTokenId", "credentials"},
    Row{"UnrecognizedClientException", "credentials"},
    Row{"SignatureDoesNotMatch", "credentials"},
    Row{"IncompleteSignature", "credentials"},
    Row{"MissingAuthenticationToken", "credentials"},
    Row{"AuthFailure", "credentials"},
    Row{"OptInRequired", "credentials"},
    Row{"AccessDenied", "access_denied"},
    Row{"AccessDeniedException", "access_denied"},
    Row{"UnauthorizedOperation", "access_denied"},
    Row{"InternalFailure", "service_error"},
    Row{"ServiceUnavailable", "service_error"},
};

// What the message of a ValidationError, or of the CLI itself, holds in small letters -> code. The
// first that is found wins.
constexpr std::array validationSigns = {
    Row{"does not exist", "stack_missing"},
    Row{"drift detection is already in progress", "detection_running"},
    Row{"rate exceeded", "throttled"},
    Row{"_in_progress", "stack_busy"},
    Row{"state", "stack_failed"},
};
constexpr std::array toolSigns = {
    Row{"unable to locate credentials", "credentials"},
    Row{"partial credentials found", "credentials"},
    Row{"config profile", "credentials"},
    Row{"error when retrieving credentials", "credentials"},
    Row{"error loading sso token", "credentials"},
    Row{"token has expired", "credentials"},
    Row{"sso session", "credentials"},
    Row{"specify a region", "no_region"},
    Row{"doesn't match a supported format", "no_region"},
    Row{"could not connect to the endpoint", "unreachable"},
    Row{"connect timeout on endpoint", "unreachable"},
    Row{"read timeout on endpoint", "unreachable"},
    Row{"connection was closed", "unreachable"},
    Row{"failed to connect to proxy", "unreachable"},
    Row{"ssl validation failed", "unreachable"},
    Row{"invalid endpoint", "unreachable"},
    Row{"unknown options", "tool_too_old"},
    Row{"invalid choice", "tool_too_old"},
    Row{"no space left on device", "disk_full"},
};

// Code -> what happened; {} is the error. What to do stands in the table of reason codes.
constexpr std::array sentences = {
    Row{"throttled", "AWS throttled the requests for longer than a check waits{}"},
    Row{"credentials", "AWS refused the credentials{}"},
    Row{"access_denied", "AWS denied a permission{}"},
    Row{"no_region", "the region is not known{}"},
    Row{"unreachable", "AWS cannot be reached{}"},
    Row{"service_error", "AWS reported an error{}"},
    Row{"tool_failed", "aws failed{}"},
    Row{"tool_too_old", "this version of aws does not know what is asked of it{}"},
    Row{"stack_missing", "the stack does not exist{}"},
    Row{"stack_busy", "the stack is being changed{}"},
    Row{"detection_running", "another drift detection of the stack runs{}"},
    Row{"stack_failed", "the stack is in a state in which CloudFormation compares nothing{}"},
    Row{"moving", "the stack was changed during the check; the next check looks again"},
    Row{"detection_failed", "the drift detection failed for some resources{}"},
    Row{"detection_timeout", "the drift detection did not end in time{}"},
    Row{"broken_configuration", "a file of the stack is broken{}"},
    Row{"no_template", "there is no template to check{}"},
    Row{"no_stack_name", "no stack's name follows from the template's{}"},
};

template <std::size_t N>
std::optional<std::string_view> holding(const std::array<Row, N>& rows, std::string_view text) {
    for (const auto& [sign, code] : rows)
        if (text.contains(sign)) return code;
    return std::nullopt;
}

std::string_view codeOf(const ServiceError& error) {
    const auto* const row = std::ranges::find(codes, std::string_view(error.code), &Row::first);
    if (row != codes.end()) return row->second;
    return holding(validationSigns, flattened(error.message)).value_or("tool_failed");
}

std::string lastLine(std::string_view text) {
    const auto end = text.find_last_not_of(" \t\r\n");
    if (end == std::string_view::npos) return {};
    text = text.substr(0, end + 1);
    return std::string(text.substr(text.rfind('\n') + 1));
}

}  // namespace

Reason reason(std::string_view code, std::string_view said) {
    const auto* const row = std::ranges::find(sentences, code, &Row::first);
    if (row == sentences.end()) return commonReason(code, said, toolName);
    return {std::string(code), completed(row->second, said)};
}

Reason reasonFor(std::string_view stderrText, const std::vector<std::string>& secrets) {
    if (const auto error = serviceErrorIn(stderrText))
        return reason(
            codeOf(*error),
            redacted(error->operation + ": " + error->code + ": " + error->message, secrets));
    const auto code = holding(toolSigns, flattened(stderrText)).value_or("tool_failed");
    return reason(code, redacted(lastLine(stderrText), secrets));
}

}  // namespace driftkeeper::cloudformation
