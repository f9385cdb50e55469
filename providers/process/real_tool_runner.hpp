#pragma once

#include <mutex>
#include <utility>

#include "providers/process/control_group.hpp"
#include "providers/process/egress_proxy.hpp"
#include "providers/process/tool_runner.hpp"

namespace driftkeeper {

// Runs programs for real. What a call started is gone when it returns, also what left the process
// group, and when this process dies in the middle. A program that the kernel cannot kill
// (uninterruptible sleep) is given up `grace` after KILL.
class RealToolRunner final : public ToolRunner {
public:
    // `observer` hears of the hosts that tools ask for where the settings name those they may
    // (Network::hosts); it may be empty. `groups`: where calls get control groups that hold the
    // limits; must outlive the runner. None: the supervisor of each call looks now and then at what
    // it uses.
    explicit RealToolRunner(SandboxPolicy policy = {strongestSandbox(), {}},
                            EgressObserver observer = {}, Limits limits = {},
                            const ControlGroups* groups = nullptr)
        : policy_(std::move(policy)),
          observer_(std::move(observer)),
          groups_(groups),
          limits_(limits) {}

    Result<ToolResult> run(const ToolCall& call, std::stop_token stop) override;
    [[nodiscard]] bool shows(const Sandbox& sandbox,
                             const std::filesystem::path& file) const override;

    // Of the calls that begin from now on; an operator's own programs have none.
    void setLimits(const Limits& limits) {
        const std::scoped_lock lock(mutex_);
        limits_ = limits;
    }

private:
    [[nodiscard]] Limits limits() const {
        const std::scoped_lock lock(mutex_);
        return limits_;
    }

    const SandboxPolicy policy_;
    const EgressObserver observer_;
    const ControlGroups* const groups_;
    mutable std::mutex mutex_;
    Limits limits_;
};

// The Landlock ABI that confines the tools; 0: this kernel has none and they run unconfined.
int landlockVersion() noexcept;

}  // namespace driftkeeper
