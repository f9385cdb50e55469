#pragma once

#include <string>
#include <vector>

#include "parsers/graph/drift.hpp"

namespace driftkeeper {

// Empty lists match everything.
struct RouteMatch {
    std::vector<std::string> repository;
    std::vector<std::string> stack;  // globs over full names
    std::vector<std::string> provider;
    std::vector<Side> side;
    std::vector<Change> change;
    std::vector<Severity> severity;
    std::vector<std::string> owner;
    std::vector<std::string> type;  // globs over resource types
    std::vector<std::string> kind;  // kinds of incident
    bool operator==(const RouteMatch&) const = default;
};

}  // namespace driftkeeper
