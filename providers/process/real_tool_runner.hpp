#pragma once

#include "providers/process/tool_runner.hpp"

namespace driftkeeper {

// Runs programs for real. What a call started is gone when it returns, also what left the process
// group, and when this process dies in the middle. A program that the kernel cannot kill
// (uninterruptible sleep) is given up `grace` after KILL.
class RealToolRunner final : public ToolRunner {
public:
    Result<ToolResult> run(const ToolCall& call, std::stop_token stop) override;
};

// The Landlock ABI that confines the tools; 0: this kernel has none and they run unconfined.
int landlockVersion() noexcept;

}  // namespace driftkeeper
