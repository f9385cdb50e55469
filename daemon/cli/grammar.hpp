#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "daemon/cli/options.hpp"

namespace CLI {
class App;
}  // namespace CLI

namespace driftkeeper {

// All commands and flags of the program, once: what parses them, what helps, and what completes
// them.
class Grammar {
public:
    explicit Grammar(const std::string& version);
    ~Grammar();
    Grammar(const Grammar&) = delete;
    Grammar& operator=(const Grammar&) = delete;

    [[nodiscard]] CLI::App& app() noexcept;

    // What the words mean; after app() parsed them. Throws CLI::ParseError for what it cannot see
    // itself.
    [[nodiscard]] Options options() const;

private:
    struct Parts;
    std::unique_ptr<Parts> parts_;
};

// "outbox retry": the path of a command, empty for the program itself.
std::string pathOf(const CLI::App& command);

// What is tried first, whole lines; empty for a command that only holds others.
std::vector<std::string_view> examplesOf(std::string_view path);

// Why the words make no sense, and what was meant; one or more lines. `said`: what the parser says.
std::string adviceOn(CLI::App& app, const std::vector<std::string>& words, const std::string& said);

}  // namespace driftkeeper
