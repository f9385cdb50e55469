#pragma once

#include <chrono>
#include <expected>
#include <stop_token>

#include "parsers/graph/report.hpp"
#include "providers/look/common_reasons.hpp"
#include "providers/process/tool_runner.hpp"

namespace driftkeeper {

// What a step of a look gives, or the reason why the look cannot go on.
template <class T>
using Outcome = std::expected<T, Reason>;

std::unexpected<Reason> because(const Error& error, ToolName tool);

// Runs the calls of one look within the time of the whole.
class TimedRunner {
public:
    TimedRunner(ToolRunner& runner, std::chrono::milliseconds time, std::stop_token stop,
                ToolName tool);

    // The result of a program that ended by itself; everything else is a reason. A call may have
    // less time than what is left of the whole.
    Outcome<ToolResult> run(ToolCall call);

    [[nodiscard]] bool shows(const Sandbox& sandbox, const std::filesystem::path& file) const {
        return runner_.shows(sandbox, file);
    }
    [[nodiscard]] std::chrono::milliseconds left() const;  // never below zero
    [[nodiscard]] const std::stop_token& stop() const noexcept { return stop_; }

private:
    [[nodiscard]] std::unexpected<Reason> ended(std::string_view code,
                                                std::string_view said = {}) const;

    ToolRunner& runner_;
    std::chrono::steady_clock::time_point deadline_;
    std::stop_token stop_;
    ToolName tool_;
};

}  // namespace driftkeeper
