#pragma once

#include <optional>
#include <string>
#include <vector>

#include "daemon/model/time.hpp"
#include "parsers/graph/drift.hpp"

namespace driftkeeper {

// What a rule is about. Members that are empty match everything; of each list one is enough.
struct RuleMatch {
    std::vector<std::string> stack;      // globs over full names, as in routes
    std::vector<std::string> address;    // `*` is any run of characters: module.*.box_item.a[*]
    std::vector<std::string> type;       // the same over resource types
    std::vector<std::string> id;         // the same over physical ids
    std::vector<std::string> attribute;  // paths (tags.Owner, rule[*].port) or JSON pointers (/rule/*/port): each
                                         // covers what is below it too
    std::vector<Side> side;
    std::vector<Change> change;
    std::vector<std::string> cause;  // the same over causes
    bool operator==(const RuleMatch&) const = default;
};

// One way not to tell a difference. Of several rules the first that matches decides.
struct IgnoreRule {
    enum class Origin { BuiltIn, Settings, Repository };
    std::string name;  // builtin/cascade, settings/autoscaling, infra/autoscaling (a repository's own)
    Origin origin = Origin::Settings;
    std::string repository;  // of a repository's rule: the only one that it applies to
    RuleMatch match;
    std::string reason;
    std::string owner;
    std::optional<TimePoint> expires;  // from then on it hides nothing
    bool enabled = true;               // a built-in one can be switched off
    bool keeps = false;                // the other way round: later rules of the same origin and repository do not
                                       // hide what matches
    bool operator==(const IgnoreRule&) const = default;
};

}  // namespace driftkeeper
