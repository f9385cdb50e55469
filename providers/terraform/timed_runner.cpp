#include "providers/terraform/timed_runner.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "providers/terraform/reasons.hpp"

namespace driftkeeper::terraform {

std::unexpected<Reason> because(const Error& error) {
    return std::unexpected(reason(error.code, error.message));
}

TimedRunner::TimedRunner(ToolRunner& runner, std::chrono::milliseconds time, std::stop_token stop)
    : runner_(runner), deadline_(std::chrono::steady_clock::now() + time), stop_(std::move(stop)) {}

std::chrono::milliseconds TimedRunner::left() const {
    const auto time = deadline_ - std::chrono::steady_clock::now();
    return std::max(std::chrono::duration_cast<std::chrono::milliseconds>(time), std::chrono::milliseconds(0));
}

Outcome<ToolResult> TimedRunner::run(ToolCall call) {
    if (stop_.stop_requested()) return std::unexpected(reason("stopped"));
    call.timeout = left();
    const std::string command = call.argv.size() > 1 ? call.argv[1] : "";
    if (call.timeout.count() == 0) return std::unexpected(reason("timeout", "before " + command));
    Result<ToolResult> result = runner_.run(call, stop_);
    if (!result) return because(result.error());
    switch (result->ending) {
        case ToolResult::Ending::Exited:
            break;
        case ToolResult::Ending::TimedOut:
            return std::unexpected(reason("timeout", "in " + command));
        case ToolResult::Ending::Stopped:
            return std::unexpected(reason("stopped"));
        case ToolResult::Ending::TooMuchOutput:
            return std::unexpected(reason("output_too_large"));
        case ToolResult::Ending::Signalled:
            return std::unexpected(reason("tool_crashed", fmt::format("{} by signal {}", command, result->status)));
    }
    constexpr int panicked = 11;
    if (result->status == panicked) return std::unexpected(reason("tool_crashed", command + " panicked"));
    return *std::move(result);
}

}  // namespace driftkeeper::terraform
