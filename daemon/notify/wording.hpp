#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "daemon/contract/notice.hpp"
#include "daemon/wording/drift_words.hpp"

// The words that channels for people have in common. Nothing here is escaped for a channel.
namespace driftkeeper {

// The highest severity of a stack's drifts; warning when there are none.
Severity highestSeverity(const StackObject& stack);
Severity highestSeverity(const Notice& notice);

// How many drifts the notice shows.
std::size_t countDrifts(const Notice& notice);

// The drifts of a stack, the most severe first.
std::vector<const ShownDrift*> bySeverity(const StackObject& stack);

// One line: "infra/prod/network drifted: 2 resources differ from Git", "Resolved:
// infra/prod/network".
std::string headline(const Notice& notice);
// The same about one stack of the notice.
std::string headline(const Notice& notice, const StackObject& stack);

// "live modified", "git created, not applied yet", "conflict: live deleted, git modified".
std::string whatMoved(const Drift& drift);

// Valid UTF-8 on one line without control characters, at most `bytes` long; what is cut ends in
// "…".
std::string oneLine(std::string_view text, std::size_t bytes);

}  // namespace driftkeeper
