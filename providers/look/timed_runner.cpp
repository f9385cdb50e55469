#include "providers/look/timed_runner.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "providers/look/common_reasons.hpp"

namespace driftkeeper {

std::unexpected<Reason> because(const Error& error, ToolName tool) {
    return std::unexpected(commonReason(error.code, error.message, tool));
}

namespace {

std::string sizeOf(const Overuse& over, std::uint64_t amount) {
    if (over.limit == Limit::Processes) return fmt::format("{} processes", amount);
    constexpr double mebibyte = 1U << 20U;
    const double size = static_cast<double>(amount) / mebibyte;
    return size < 1024 ? fmt::format("{:.0f} MiB", size) : fmt::format("{:.1f} GiB", size / 1024);
}

std::string wordsOf(const Overuse& over, std::string_view command) {
    const auto of = over.limit == Limit::Processes ? "" : fmt::format(" of {}", name(over.limit));
    return fmt::format("{}: {}{}, `checks.limits.{}` allows {}", command, sizeOf(over, over.used),
                       of, name(over.limit), sizeOf(over, over.allowed));
}

}  // namespace

TimedRunner::TimedRunner(ToolRunner& runner, std::chrono::milliseconds time, std::stop_token stop,
                         ToolName tool)
    : runner_(runner),
      deadline_(std::chrono::steady_clock::now() + time),
      stop_(std::move(stop)),
      tool_(tool) {}

std::chrono::milliseconds TimedRunner::left() const {
    const auto time = deadline_ - std::chrono::steady_clock::now();
    return std::max(std::chrono::duration_cast<std::chrono::milliseconds>(time),
                    std::chrono::milliseconds(0));
}

std::unexpected<Reason> TimedRunner::ended(std::string_view code, std::string_view said) const {
    return std::unexpected(commonReason(code, said, tool_));
}

Outcome<ToolResult> TimedRunner::run(ToolCall call) {
    if (stop_.stop_requested()) return ended("stopped");
    call.timeout = call.timeout.count() > 0 ? std::min(call.timeout, left()) : left();
    const std::string command = call.argv.size() > 1 ? call.argv[1] : "";
    if (call.timeout.count() == 0) return ended("timeout", "before " + command);
    Result<ToolResult> result = runner_.run(call, stop_);
    if (!result) return because(result.error(), tool_);
    switch (result->ending) {
        case ToolResult::Ending::Exited:
            break;
        case ToolResult::Ending::TimedOut:
            return ended("timeout", "in " + command);
        case ToolResult::Ending::Stopped:
            return ended("stopped");
        case ToolResult::Ending::TooMuchOutput:
            return ended("output_too_large");
        case ToolResult::Ending::OverLimit:
            return ended("resource_limit", wordsOf(result->over, command));
        case ToolResult::Ending::Signalled:
            return ended("tool_crashed", fmt::format("{} by signal {}", command, result->status));
    }
    constexpr int panicked = 11;
    if (result->status == panicked) return ended("tool_crashed", command + " panicked");
    return *std::move(result);
}

}  // namespace driftkeeper
