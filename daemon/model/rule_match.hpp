#pragma once

#include <string>
#include <vector>

#include "parsers/graph/drift.hpp"

namespace driftkeeper {

// What a rule is about. Members that are empty match everything; of each list one is enough.
struct RuleMatch {
    std::vector<std::string> stack;    // globs over full names, as in routes
    std::vector<std::string> address;  // `*` is any run of characters: module.*.box_item.a[*]
    std::vector<std::string> type;     // the same over resource types
    std::vector<std::string> id;       // the same over physical ids
    // Paths (tags.Owner, rule[*].port) or JSON pointers (/rule/*/port): each covers what is
    // below it too.
    std::vector<std::string> attribute;
    std::vector<Side> side;
    std::vector<Change> change;
    std::vector<std::string> cause;  // the same over causes
    bool operator==(const RuleMatch&) const = default;
};

}  // namespace driftkeeper
