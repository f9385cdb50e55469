#include "daemon/judge/rule_book.hpp"

#include "daemon/judge/rules.hpp"

namespace driftkeeper {
bool RuleBook::keep(const std::string& repository, std::vector<IgnoreRule> rules,
                    const std::string& origin) {
    return repositories_.with([&](auto& repositories) {
        auto& own = repositories[repository];
        const bool areOthers = own.rules != rules;
        own = {std::move(rules), origin};
        return areOthers;
    });
}

std::vector<IgnoreRule> RuleBook::rules() const {
    std::vector<IgnoreRule> own;
    repositories_.with([&](const auto& repositories) {
        for (const auto& [repository, kept] : repositories)
            own.insert(own.end(), kept.rules.begin(), kept.rules.end());
    });
    return rulesInOrder(*settings_.get(), own);
}

void RuleBook::judge(Report& report, const Stack& stack, TimePoint now) const {
    const auto settings = settings_.get();
    judgeDrifts(report, rules(), settings->severities, stack.repository, stack.fullName(), now);
}

std::string RuleBook::about(const std::string& name) const {
    std::string text = "ignore rule " + name;
    for (const auto& rule : rules()) {
        if (rule.name != name) continue;
        text += " hides it: " + rule.reason;
        if (rule.origin != IgnoreRule::Origin::Repository) break;
        repositories_.with([&](const auto& repositories) {
            const auto own = repositories.find(rule.repository);
            if (own != repositories.end() && !own->second.origin.empty())
                text += " (" + own->second.origin + ")";
        });
        break;
    }
    return text;
}

}  // namespace driftkeeper
