#pragma once

#include <optional>
#include <string>

#include "daemon/model/rule_match.hpp"
#include "daemon/model/time.hpp"

namespace driftkeeper {

// One way not to tell a difference. Of several rules the first that matches decides.
struct IgnoreRule {
    enum class Origin { BuiltIn, Settings, Repository };
    // builtin/cascade, settings/autoscaling, infra/autoscaling (a repository's own)
    std::string name;
    Origin origin = Origin::Settings;
    std::string repository;  // of a repository's rule: the only one that it applies to
    RuleMatch match;
    std::string reason;
    std::string owner;
    std::optional<TimePoint> expires;  // from then on it hides nothing
    bool enabled = true;               // a built-in one can be switched off
    // The other way round: later rules of the same origin and repository do not hide what matches.
    bool keeps = false;
    bool operator==(const IgnoreRule&) const = default;
};

}  // namespace driftkeeper
