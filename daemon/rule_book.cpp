#include "daemon/rule_book.hpp"

#include <algorithm>

#include "daemon/judge/rules.hpp"

namespace driftkeeper {
namespace {

// Built-in rules as the settings leave them, and those that the settings add.
std::vector<IgnoreRule> generalRules(const Settings& settings) {
    auto rules = builtinRules();
    for (auto& rule : rules)
        if (std::ranges::find(settings.builtinRulesOff, rule.name) != settings.builtinRulesOff.end())
            rule.enabled = false;
    rules.insert(rules.end(), settings.ignores.begin(), settings.ignores.end());
    return rules;
}

bool allowsIgnores(const Settings& settings, const std::string& repository) {
    const auto it = std::ranges::find(settings.repositories, repository, &RepositorySettings::name);
    return it != settings.repositories.end() && it->allowIgnores;
}

}  // namespace

bool RuleBook::keep(const std::string& repository, std::vector<IgnoreRule> rules, const std::string& origin) {
    return repositories_.with([&](auto& repositories) {
        auto& own = repositories[repository];
        const bool areOthers = own.rules != rules;
        own = {std::move(rules), origin};
        return areOthers;
    });
}

std::vector<IgnoreRule> RuleBook::rulesFor(const std::string& repository) const {
    const auto settings = settings_.get();
    auto rules = generalRules(*settings);
    if (!allowsIgnores(*settings, repository)) return rules;
    repositories_.with([&](const auto& repositories) {
        const auto own = repositories.find(repository);
        if (own != repositories.end()) rules.insert(rules.end(), own->second.rules.begin(), own->second.rules.end());
    });
    return rules;
}

std::vector<IgnoreRule> RuleBook::all() const {
    const auto settings = settings_.get();
    auto rules = generalRules(*settings);
    repositories_.with([&](const auto& repositories) {
        for (const auto& [repository, own] : repositories)
            if (allowsIgnores(*settings, repository)) rules.insert(rules.end(), own.rules.begin(), own.rules.end());
    });
    return rules;
}

std::string RuleBook::about(const std::string& name) const {
    std::string text = "ignore rule " + name;
    for (const auto& rule : all()) {
        if (rule.name != name) continue;
        text += " hides it: " + rule.reason;
        if (rule.origin != IgnoreRule::Origin::Repository) break;
        repositories_.with([&](const auto& repositories) {
            const auto own = repositories.find(rule.repository);
            if (own != repositories.end() && !own->second.origin.empty()) text += " (" + own->second.origin + ")";
        });
        break;
    }
    return text;
}

}  // namespace driftkeeper
