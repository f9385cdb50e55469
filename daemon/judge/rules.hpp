#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "daemon/model/check.hpp"
#include "daemon/model/ignore_rule.hpp"
#include "daemon/model/settings.hpp"
#include "parsers/graph/report.hpp"

namespace driftkeeper {

// One rule for each cause that is noise, named builtin/CAUSE.
const std::vector<IgnoreRule>& builtinRules();

// All rules in the order in which they are asked: built-in ones, those of the settings, and of
// `repositories` those that the settings allow.
std::vector<IgnoreRule> rulesInOrder(const Settings& settings,
                                     const std::vector<IgnoreRule>& repositories);

// Moves what the rules keep quiet from report.drifts, where it may hold an address more than once,
// to report.notTold. The first rule that matches decides. One with attributes takes those out and
// leaves the rest; it never hides a create, a delete or a replace. A repository's rule applies to
// that repository, and never to what is critical. An expired rule hides nothing and leaves a note
// on what it would have hidden. What is left is one drift an address. Both lists end up sorted by
// address.
void applyRules(Report& report, const std::vector<IgnoreRule>& rules, const std::string& repository,
                const std::string& stackFullName, TimePoint now);

// What everybody who looks at a stack does with the report: gives every drift its severity, applies
// the rules, and weighs what they left anew.
void judgeDrifts(Report& report, const std::vector<IgnoreRule>& rules,
                 const std::vector<SeverityRule>& severities, const std::string& repository,
                 const std::string& stackFullName, TimePoint now);

// A sentence for a rule that neither address, id, type, attribute nor cause narrows.
std::optional<std::string> whyTooBroad(const IgnoreRule& rule);

// What a rule would have hidden. Addresses are counted once a stack, however often they were seen.
struct Replay {
    struct StackHits {
        std::string stack;                   // full name
        std::vector<std::string> addresses;  // sorted
        bool operator==(const StackHits&) const = default;
    };
    std::vector<StackHits> stacks;  // only those with hits, in the order of replaying
    std::size_t checks = 0;         // looked at
    std::size_t addresses = 0;
    std::size_t told = 0;      // of the addresses: those that were among the told drifts
    std::size_t critical = 0;  // of those told: critical ones
    std::size_t partly = 0;    // of the addresses: those of which it only hides some attributes
};

// Adds what the rule does to the stored checks of one stack, as if it were enabled and never
// expired.
void replayRule(const IgnoreRule& rule, const std::string& repository,
                const std::string& stackFullName, const std::vector<Check>& history,
                Replay& replay);

}  // namespace driftkeeper
