#include "daemon/judge/rule_state.hpp"

#include <algorithm>
#include <chrono>

#include "daemon/judge/rules.hpp"

namespace driftkeeper {
namespace {

constexpr std::chrono::days aMonth{30};

}  // namespace

std::string_view originOf(const IgnoreRule& rule) noexcept {
    switch (rule.origin) {
        case IgnoreRule::Origin::BuiltIn:
            return "built in";
        case IgnoreRule::Origin::Settings:
            return "settings";
        case IgnoreRule::Origin::Repository:
            return "repository";
    }
    return "";
}

std::string_view stateOf(const IgnoreRule& rule, const RuleHits& hits, TimePoint now) {
    if (!rule.enabled) return "off";
    if (rule.expires && *rule.expires <= now) return "expired";
    if (rule.origin != IgnoreRule::Origin::BuiltIn && whyTooBroad(rule)) return "too broad";
    const bool isIdle = now - std::max(hits.known, hits.lastHit.value_or(hits.known)) > aMonth;
    if (rule.origin != IgnoreRule::Origin::BuiltIn && isIdle) return "dead";
    return "in force";
}

}  // namespace driftkeeper
