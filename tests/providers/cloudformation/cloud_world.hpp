#pragma once

#include <filesystem>
#include <memory>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

#include "providers/cloudformation/cloudformation_provider.hpp"
#include "providers/process/real_tool_runner.hpp"
#include "tests/peers/cloudformation_peer.hpp"
#include "tests/support/files.hpp"

namespace driftkeeper::tests {

// Every `aws` on this machine: Debian's version 2 at least (throws without it), and others on PATH.
std::vector<std::string> awsPrograms();

// CloudFormation with stacks in it, a folder of Git, and the provider under test, which
// waits for nothing. Throws std::runtime_error.
class CloudWorld {
public:
    explicit CloudWorld(const std::string& program = "/usr/bin/aws");

    void put(const std::string& stack, const nlohmann::json& state) const;
    void behave(const nlohmann::json& how) const;
    [[nodiscard]] std::vector<std::string> actions() const;  // that were asked for, in order

    void write(const std::string& file,
               std::string_view text) const;  // of Git, below the stack's folder

    Report look(const std::optional<LastClean>& lastClean = {});

    Workspace workspace;
    std::chrono::steady_clock::time_point now{};
    [[nodiscard]] const std::filesystem::path& folder() const { return room_.path(); }

private:
    TempDir room_;
    CloudformationPeer peer_;
    RealToolRunner runner_;
    ValueTags tags_{"key"};
    std::unique_ptr<Provider> provider_;
};

}  // namespace driftkeeper::tests
