#include "daemon/judge/severity.hpp"

#include <cstddef>
#include <string_view>

#include "daemon/judge/builtin_severities.hpp"
#include "parsers/graph/cause.hpp"

namespace driftkeeper {
namespace {

// Of each attribute that differs; without steps where the path cannot be read: no rule covers that.
using Paths = std::vector<AttributeSteps>;

Paths pathsOf(const Drift& drift) {
    Paths paths;
    for (const auto& attribute : drift.attributes)
        paths.push_back(attributeSteps(attribute.path).value_or(AttributeSteps()));
    return paths;
}

bool isQuiet(std::string_view cause) {
    return isNoise(cause) || cause == cause::perpetual || cause == cause::providerUpgrade;
}

bool isDestroyed(const Drift& drift) {
    return drift.replace || drift.change == Change::Deleted || drift.gitChange == Change::Deleted;
}

std::vector<DriftMatcher> matchersOf(const std::vector<SeverityRule>& rules) {
    std::vector<DriftMatcher> made;
    for (const auto& rule : rules) made.emplace_back(rule.match);
    return made;
}

// The highest that the attributes of a drift have; of equal ones the first.
const SeverityRule& heaviest(const Drift& drift, const Paths& paths) {
    const auto& builtin = builtinSeverities();
    static const auto matchers = matchersOf(builtin.attributes);
    std::vector<const SeverityRule*> ofAttributes(paths.size());  // nullptr: none covers it
    for (std::size_t rule = 0; rule < matchers.size(); ++rule) {
        if (!matchers[rule].matches(drift)) continue;
        const auto& candidate = builtin.attributes[rule];
        for (std::size_t path = 0; path < paths.size(); ++path) {
            auto*& best = ofAttributes[path];
            const bool isHeavier = best == nullptr || best->severity < candidate.severity;
            if (isHeavier && matchers[rule].covers(paths[path])) best = &candidate;
        }
    }
    const SeverityRule* highest = nullptr;
    for (const auto* rule : ofAttributes) {
        const auto* one = rule == nullptr ? &builtin.other : rule;
        if (highest == nullptr || highest->severity < one->severity) highest = one;
    }
    return highest == nullptr ? builtin.other : *highest;
}

const SeverityRule& builtinFor(const Drift& drift, const Paths& paths) {
    const auto& builtin = builtinSeverities();
    if (isQuiet(drift.cause)) return builtin.quiet;
    if (isDestroyed(drift)) return builtin.destroyed;
    if (drift.side == Side::Git) return builtin.unapplied;
    return heaviest(drift, paths);
}

}  // namespace

SeverityRules::SeverityRules(const std::vector<SeverityRule>& settings,
                             const std::string& stackFullName) {
    for (const auto& rule : settings)
        if (DriftMatcher::concerns(rule.match, stackFullName))
            own_.push_back({&rule, DriftMatcher(rule.match)});
}

const SeverityRule& SeverityRules::ruleFor(const Drift& drift) const {
    const auto paths = pathsOf(drift);
    for (const auto& [rule, matcher] : own_) {
        if (!matcher.matches(drift)) continue;
        if (!matcher.byAttribute()) return *rule;
        for (const auto& path : paths)
            if (matcher.covers(path)) return *rule;
    }
    return builtinFor(drift, paths);
}

void SeverityRules::weigh(Report& report) const {
    for (auto& drift : report.drifts) drift.severity = ruleFor(drift).severity;
    for (auto& quiet : report.notTold) quiet.drift.severity = ruleFor(quiet.drift).severity;
}

}  // namespace driftkeeper
