#include "daemon/judge/rules.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <map>
#include <set>
#include <utility>

#include "daemon/judge/rule_filter.hpp"
#include "daemon/judge/severity.hpp"
#include "parsers/graph/cause.hpp"

namespace driftkeeper {
namespace {

bool hasExpired(const IgnoreRule& rule, TimePoint now) {
    return rule.expires && *rule.expires <= now;
}

std::string expiryNote(const IgnoreRule& rule) {
    const std::chrono::year_month_day day(std::chrono::floor<std::chrono::days>(*rule.expires));
    return fmt::format("ignore rule {} expired on {:04}-{:02}-{:02}", rule.name,
                       static_cast<int>(day.year()), static_cast<unsigned>(day.month()),
                       static_cast<unsigned>(day.day()));
}

// One drift on its way past the rules.
class Passage {
public:
    Passage(Drift drift, std::vector<NotTold>& notTold)
        : drift_(std::move(drift)), notTold_(notTold) {}

    // Nothing is left of it.
    [[nodiscard]] bool isOver() const noexcept { return over_; }

    void pass(const RuleFilter& filter, TimePoint now) {
        const auto& rule = filter.rule();
        if (isKeptFrom(rule) || !filter.matches(drift_)) return;
        if (hasExpired(rule, now)) {
            if (note_.empty() && wouldHide(filter)) note_ = expiryNote(rule);
        } else if (rule.keeps) {
            keeper_ = &rule;
        } else if (filter.byAttribute()) {
            hideCovered(filter);
        } else {
            hide(std::move(drift_), rule);
            over_ = true;
        }
    }

    Drift left() && {
        if (!note_.empty()) drift_.note += (drift_.note.empty() ? "" : "; ") + note_;
        return std::move(drift_);
    }

private:
    bool isKeptFrom(const IgnoreRule& rule) const {
        return keeper_ != nullptr && keeper_->origin == rule.origin &&
               keeper_->repository == rule.repository;
    }

    bool wouldHide(const RuleFilter& filter) const {
        if (filter.rule().keeps) return false;
        auto copy = drift_;
        return !filter.byAttribute() || !filter.takeCovered(copy).empty();
    }

    void hideCovered(const RuleFilter& filter) {
        auto covered = filter.takeCovered(drift_);
        if (covered.empty()) return;
        over_ = drift_.attributes.empty();
        auto hidden = drift_;
        hidden.attributes = std::move(covered);
        hide(std::move(hidden), filter.rule());
    }

    void hide(Drift drift, const IgnoreRule& rule) {
        notTold_.push_back({std::move(drift), rule.name});
    }

    Drift drift_;
    std::vector<NotTold>& notTold_;
    std::string note_;
    const IgnoreRule* keeper_ = nullptr;
    bool over_ = false;
};

// What the merged drift of an address is mostly about: a real cause before noise, live before Git.
int weight(const Drift& drift) {
    constexpr std::array<Side, 4> order{Side::Git, Side::Unknown, Side::Live, Side::Both};
    const auto side = std::ranges::find(order, drift.side) - order.begin();
    return (isNoise(drift.cause) ? 0 : 4) + static_cast<int>(side);
}

void join(Drift& drift, Drift other) {
    if (weight(other) > weight(drift)) std::swap(drift, other);
    for (auto& attribute : other.attributes) {
        if (std::ranges::find(drift.attributes, attribute.path, &AttributeDrift::path) ==
            drift.attributes.end())
            drift.attributes.push_back(std::move(attribute));
    }
    drift.severity = std::max(drift.severity, other.severity);
    drift.replace = drift.replace || other.replace;
    drift.dependents = std::max(drift.dependents, other.dependents);
    if (drift.previousAddress.empty()) drift.previousAddress = std::move(other.previousAddress);
    if (drift.id.empty()) drift.id = std::move(other.id);
    if (drift.note.empty()) drift.note = std::move(other.note);
    if (drift.changedBy.empty()) drift.changedBy = std::move(other.changedBy);
}

std::vector<Drift> onePerAddress(std::vector<Drift> drifts) {
    std::ranges::stable_sort(drifts, {}, &Drift::address);
    std::vector<Drift> merged;
    for (auto& drift : drifts) {
        if (!merged.empty() && merged.back().address == drift.address) {
            join(merged.back(), std::move(drift));
        } else {
            merged.push_back(std::move(drift));
        }
    }
    return merged;
}

bool narrows(const std::vector<std::string>& patterns) {
    return !patterns.empty() && std::ranges::all_of(patterns, [](const std::string& pattern) {
        return pattern.find_first_not_of("*?") != std::string::npos;
    });
}

// What was seen of one address in the history of one stack.
struct Hit {
    bool told = false;
    bool critical = false;
    bool partly = false;
};

void replayDrift(const RuleFilter& filter, Drift drift, bool told,
                 std::map<std::string, Hit>& hits) {
    if (!filter.matches(drift)) return;
    if (filter.byAttribute() && filter.takeCovered(drift).empty()) return;
    auto& hit = hits[drift.address];
    hit.partly = hit.partly || (filter.byAttribute() && !drift.attributes.empty());
    hit.told = hit.told || told;
    hit.critical = hit.critical || (told && drift.severity == Severity::Critical);
}

std::vector<IgnoreRule> rulesOfNoise() {
    std::vector<IgnoreRule> made;
    for (const Cause& cause : causes()) {
        if (!cause.isNoise) continue;
        IgnoreRule rule;
        rule.name = fmt::format("builtin/{}", cause.word);
        rule.origin = IgnoreRule::Origin::BuiltIn;
        rule.match.cause = {std::string(cause.word)};
        rule.reason = cause.meaning;
        made.push_back(std::move(rule));
    }
    return made;
}

}  // namespace

const std::vector<IgnoreRule>& builtinRules() {
    static const std::vector<IgnoreRule> rules = rulesOfNoise();
    return rules;
}

std::vector<IgnoreRule> rulesInOrder(const Settings& settings,
                                     const std::vector<IgnoreRule>& repositories) {
    auto rules = builtinRules();
    for (auto& rule : rules)
        rule.enabled = std::ranges::find(settings.builtinRulesOff, rule.name) ==
                       settings.builtinRulesOff.end();
    rules.insert(rules.end(), settings.ignores.begin(), settings.ignores.end());
    for (const auto& rule : repositories) {
        const auto repository =
            std::ranges::find(settings.repositories, rule.repository, &RepositorySettings::name);
        if (repository != settings.repositories.end() && repository->allowIgnores)
            rules.push_back(rule);
    }
    return rules;
}

void applyRules(Report& report, const std::vector<IgnoreRule>& rules, const std::string& repository,
                const std::string& stackFullName, TimePoint now) {
    std::vector<RuleFilter> filters;
    for (const auto& rule : rules) {
        if (rule.enabled && RuleFilter::concerns(rule, repository, stackFullName))
            filters.emplace_back(rule);
    }
    std::vector<Drift> left;
    for (auto& drift : report.drifts) {
        Passage passage(std::move(drift), report.notTold);
        for (const auto& filter : filters) {
            passage.pass(filter, now);
            if (passage.isOver()) break;
        }
        if (!passage.isOver()) left.push_back(std::move(passage).left());
    }
    report.drifts = onePerAddress(std::move(left));
    std::ranges::stable_sort(
        report.notTold, {}, [](const NotTold& one) -> const auto& { return one.drift.address; });
}

// Before the rules, because a repository's own never hide what is critical; and after them, because
// a rule by attribute may have taken out just what made it critical.
void judgeDrifts(Report& report, const std::vector<IgnoreRule>& rules,
                 const std::vector<SeverityRule>& severities, const std::string& repository,
                 const std::string& stackFullName, TimePoint now) {
    const SeverityRules scale(severities, stackFullName);
    scale.weigh(report);
    applyRules(report, rules, repository, stackFullName, now);
    scale.weigh(report);
}

std::optional<std::string> whyTooBroad(const IgnoreRule& rule) {
    const auto& match = rule.match;
    if (narrows(match.address) || narrows(match.type) || narrows(match.id) ||
        narrows(match.attribute) || narrows(match.cause))
        return std::nullopt;
    return fmt::format(
        "it hides whatever happens to any resource of {}: name an address, a type, an attribute or "
        "a cause",
        match.stack.empty() ? "every stack" : fmt::format("{}", fmt::join(match.stack, ", ")));
}

void replayRule(const IgnoreRule& rule, const std::string& repository,
                const std::string& stackFullName, const std::vector<Check>& history,
                Replay& replay) {
    replay.checks += history.size();
    if (rule.keeps || !RuleFilter::concerns(rule, repository, stackFullName)) return;
    const RuleFilter filter(rule);
    std::map<std::string, Hit> hits;
    for (const auto& check : history) {
        for (const auto& drift : check.report.drifts) replayDrift(filter, drift, true, hits);
        for (const auto& notTold : check.report.notTold)
            replayDrift(filter, notTold.drift, false, hits);
    }
    if (hits.empty()) return;
    auto& stack = replay.stacks.emplace_back(stackFullName, std::vector<std::string>());
    for (const auto& [address, hit] : hits) {
        stack.addresses.push_back(address);
        ++replay.addresses;
        replay.told += hit.told ? 1U : 0U;
        replay.critical += hit.critical ? 1U : 0U;
        replay.partly += hit.partly ? 1U : 0U;
    }
}

}  // namespace driftkeeper
