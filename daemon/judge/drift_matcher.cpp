#include "daemon/judge/drift_matcher.hpp"

#include <algorithm>
#include <string_view>
#include <utility>

#include "daemon/model/glob.hpp"

namespace driftkeeper {
namespace {

bool oneMatches(const std::vector<std::string>& patterns, std::string_view text) {
    return patterns.empty() || std::ranges::any_of(patterns, [&](const auto& pattern) {
               return wildcardMatches(pattern, text);
           });
}

template <class Word>
bool oneIs(const std::vector<Word>& words, Word word) {
    return words.empty() || std::ranges::find(words, word) != words.end();
}

}  // namespace

DriftMatcher::DriftMatcher(const RuleMatch& match) : match_(&match) {
    for (const auto& pattern : match.attribute) {
        if (auto steps = attributeSteps(pattern)) attributes_.push_back(std::move(*steps));
    }
}

bool DriftMatcher::concerns(const RuleMatch& match, const std::string& stackFullName) {
    return match.stack.empty() || std::ranges::any_of(match.stack, [&](const auto& glob) {
               return globMatches(glob, stackFullName);
           });
}

bool DriftMatcher::matches(const Drift& drift) const {
    return oneIs(match_->side, drift.side) && oneIs(match_->change, drift.change) &&
           oneMatches(match_->cause, drift.cause) && oneMatches(match_->type, drift.type) &&
           oneMatches(match_->id, drift.id) && oneMatches(match_->address, drift.address);
}

bool DriftMatcher::covers(const AttributeSteps& path) const {
    return std::ranges::any_of(attributes_, [&](const AttributeSteps& pattern) {
        return driftkeeper::covers(pattern, path);
    });
}

}  // namespace driftkeeper
