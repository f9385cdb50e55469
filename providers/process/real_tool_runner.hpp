#pragma once

#include <utility>

#include "providers/process/egress_proxy.hpp"
#include "providers/process/tool_runner.hpp"

namespace driftkeeper {

// Runs programs for real. What a call started is gone when it returns, also what left the process
// group, and when this process dies in the middle. A program that the kernel cannot kill
// (uninterruptible sleep) is given up `grace` after KILL.
class RealToolRunner final : public ToolRunner {
public:
    // `observer` hears of the hosts that tools ask for where the settings name those they may
    // (Network::hosts); it may be empty.
    explicit RealToolRunner(SandboxPolicy policy = {strongestSandbox(), {}},
                            EgressObserver observer = {})
        : policy_(std::move(policy)), observer_(std::move(observer)) {}

    Result<ToolResult> run(const ToolCall& call, std::stop_token stop) override;
    [[nodiscard]] bool shows(const Sandbox& sandbox,
                             const std::filesystem::path& file) const override;

private:
    const SandboxPolicy policy_;
    const EgressObserver observer_;
};

// The Landlock ABI that confines the tools; 0: this kernel has none and they run unconfined.
int landlockVersion() noexcept;

}  // namespace driftkeeper
