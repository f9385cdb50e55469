#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "daemon/base/guarded.hpp"
#include "daemon/model/ignore_rule.hpp"
#include "daemon/model/stack.hpp"
#include "daemon/settings/current_settings.hpp"
#include "daemon/settings/rules_file.hpp"
#include "parsers/graph/report.hpp"

namespace driftkeeper {

// A file at the root of a repository that holds ignore rules.
struct RulesFile {
    const char* name;
    LoadedRules (*parse)(std::string_view text, const std::string& repository,
                         const std::string& fileName);
};
inline constexpr std::array<RulesFile, 2> rulesFiles = {
    {{".driftkeeper.yaml", parseRulesFile}, {".driftignore", parseDriftignore}}};
inline constexpr std::uint64_t mostRulesText = 256U << 10U;

// The rules in force: ignore rules built in, of the settings, and of each repository; severities of
// the settings. Thread-safe.
class RuleBook {
public:
    explicit RuleBook(const CurrentSettings& settings) : settings_(settings) {}

    // A repository's own rules, from now on. `origin`: the commit and its author, for people. True:
    // others than before.
    bool keep(const std::string& repository, std::vector<IgnoreRule> rules,
              const std::string& origin);

    // In the order in which they are asked; a repository's own ones count for its stacks alone.
    [[nodiscard]] std::vector<IgnoreRule> rules() const;

    // Gives every drift of a look at the stack its severity, and takes out what nobody is told of.
    // Called once for each look, when its causes are settled.
    void judge(Report& report, const Stack& stack, TimePoint now) const;

    // One sentence on the rule of that name: who hides it, and why.
    [[nodiscard]] std::string about(const std::string& name) const;

private:
    struct Own {
        std::vector<IgnoreRule> rules;
        std::string origin;
    };
    const CurrentSettings& settings_;
    Guarded<std::map<std::string, Own>> repositories_;
};

}  // namespace driftkeeper
