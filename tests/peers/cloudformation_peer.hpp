#pragma once

#include <memory>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

#include "tests/support/background_program.hpp"
#include "tests/support/files.hpp"
#include "tests/support/run.hpp"

namespace driftkeeper::tests {

// CloudFormation (cloudformation.py, where its words are told) for real `aws` programs. Throws
// std::runtime_error.
class CloudformationPeer {
public:
    CloudformationPeer();

    [[nodiscard]] const std::string& url() const { return url_; }
    // Credentials that it takes.
    [[nodiscard]] static Environment env();

    void put(const std::string& stack, const nlohmann::json& state) const;
    void behave(const nlohmann::json& how) const;
    [[nodiscard]] std::vector<std::string> actions() const;  // that were asked for, in order

private:
    void control(const std::string& method, const std::string& path, const std::string& body) const;

    TempDir room_;
    std::string url_;
    std::unique_ptr<BackgroundProgram> peer_;
};

}  // namespace driftkeeper::tests
