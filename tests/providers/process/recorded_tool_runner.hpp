#pragma once

#include <functional>
#include <mutex>
#include <vector>

#include "providers/process/tool_runner.hpp"

namespace driftkeeper::tests {

// Stands for the real runner: writes down every call and answers from a script.
class RecordedToolRunner final : public ToolRunner {
public:
    using Script = std::function<Result<ToolResult>(const ToolCall&)>;
    explicit RecordedToolRunner(Script script) : script_(std::move(script)) {}

    Result<ToolResult> run(const ToolCall& call, std::stop_token stop) override {
        const std::scoped_lock lock(mutex_);
        calls_.push_back(call);
        if (stop.stop_requested()) return ended(ToolResult::Ending::Stopped, 0);
        Result<ToolResult> result = script_(call);
        if (!result) return result;
        if (result->out.size() > call.maxOutput) return ended(ToolResult::Ending::TooMuchOutput, 0);
        if (call.onOutput && !result->out.empty()) call.onOutput(result->out);
        if (!call.keepOutput) result->out.clear();
        return result;
    }

    [[nodiscard]] bool shows(const Sandbox&, const std::filesystem::path&) const override {
        return true;
    }

    [[nodiscard]] std::vector<ToolCall> calls() const {
        const std::scoped_lock lock(mutex_);
        return calls_;
    }

    // The second words: version init plan …
    [[nodiscard]] std::vector<std::string> commands() const {
        std::vector<std::string> result;
        for (const ToolCall& call : calls())
            result.push_back(call.argv.size() > 1 ? call.argv[1] : "");
        return result;
    }

    static ToolResult ended(ToolResult::Ending ending, int status) {
        ToolResult result;
        result.ending = ending;
        result.status = status;
        return result;
    }

    static ToolResult said(std::string out, int status = 0) {
        ToolResult result;
        result.status = status;
        result.out = std::move(out);
        return result;
    }

private:
    mutable std::mutex mutex_;
    Script script_;
    std::vector<ToolCall> calls_;
};

}  // namespace driftkeeper::tests
